import type { UpdateView } from '@postern/management-server/client';

/** What an update's end is worth, for people: its assurance, and a line for each thing that it did without. */
export const resultLines = ({
  assurance,
  gaps,
  credential,
}: Pick<UpdateView, 'assurance' | 'gaps' | 'credential'>): readonly string[] => {
  if (assurance === null) return [];
  const password = credential === null ? '' : `, one-time password: ${credential}`;
  return [
    `  assurance: ${assurance}${password}`,
    ...(gaps ?? []).map(({ gap, meaning }) => `  ${gap}: ${meaning}`),
  ];
};
