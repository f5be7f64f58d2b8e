/** What devices of a benchmark are, and what is updated on them. */
export const MODEL = 'bench';
export const COMPONENT = 'firmware';

/** ID and password of the conventional scheme, the same for all devices and for ever. */
export const FIXED_LOGIN = { userName: 'service', password: 'update1234' };
