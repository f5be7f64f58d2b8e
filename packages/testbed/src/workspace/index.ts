/** Checks of the workspace itself: arrows between packages, house rules, coverage of the specification, error codes. */
export { ARROWS, type Arrows, arrowBreaches, unusedDependencies } from './dependency-arrows.ts';
export {
  type DeclaredCode,
  declaredCodes,
  errorPage,
  type UsedCode,
  unmentioned,
  usedCodes,
} from './error-codes.ts';
export { houseRuleBreaches } from './house-rules.ts';
export { importCycles } from './import-cycles.ts';
export { type Coverage, type Row, specBreaches, specCoverage, specPage } from './spec-coverage.ts';
export { readWorkspace, type SourceFile, type WorkspacePackage } from './workspace.ts';
