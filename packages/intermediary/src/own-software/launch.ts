/**
 * What starts an intermediary whose own software is updated: the boot loader's part, and what it and the program say to
 * each other. Loads neither network nor database code of an intermediary.
 */
export { type IntermediaryConfig, type OwnSoftwareConfig, parseConfig } from '../config.ts';
export { bootOwnSoftware, lockOwnSoftware, type OwnProgram } from './boot-own-software.ts';
export { installedVersion } from './installed.ts';
export { GOOD_START, isGoodStart, RESTART_EXIT_CODE } from './launch-contract.ts';
