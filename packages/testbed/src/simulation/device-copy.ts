import {
  listedEntries,
  type PasswordList,
  type PasswordListEntries,
  passwordListEntries,
} from '@postern/software-update';

/** A password list as its device has it. */
export const deviceCopy = (list: PasswordList | undefined): PasswordListEntries | undefined =>
  list && passwordListEntries(list, listedEntries(list));
