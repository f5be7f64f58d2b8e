/** Field names whose values never reach a log, wherever they stand. */
export const SECRET_FIELDS: readonly string[] = [
  'oneTimePassword',
  'password',
  'reportKey',
  'token',
  'privateKey',
];
