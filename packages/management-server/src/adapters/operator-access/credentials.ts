/** The user name that goes with the token in HTTP Basic. */
export const OPERATOR_USER = 'operator';

/**
 * The token in an Authorization header: as a bearer token (RFC 6750 §2.1), or as the password of the user `operator`
 * (RFC 7617). Undefined where there is none of the kind.
 */
export const presentedToken = (authorization: string | undefined): string | undefined => {
  const [, scheme = '', value = ''] =
    /^(Bearer|Basic) +([A-Za-z0-9._~+/=-]{1,400})$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() !== 'basic') return value === '' ? undefined : value;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return text.slice(0, Math.max(colon, 0)) === OPERATOR_USER ? text.slice(colon + 1) : undefined;
};
