import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import type { SourceFile } from './workspace.ts';

/** Cycles among files that load each other, each as `a → b → a`. Imports of types load nothing. */
export const importCycles = (files: readonly SourceFile[]): readonly string[] => {
  const loads = new Map(files.map((file) => [file.path, loadedBy(file)]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path);
    if (seen !== -1) cycles.push([...trail.slice(seen), path].join(' → '));
    if (seen !== -1 || finished.has(path)) return;
    for (const next of loads.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  return cycles;
};

const loadedBy = (file: SourceFile): string[] =>
  importsOf(file)
    .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
    .map(({ specifier }) => posix.join(posix.dirname(file.path), specifier));
