import type { LineShape } from '../firewall/index.ts';

/** What a line is: whole, or in one of the troubles that `Firewall` can make. */
export type LineState = 'whole' | 'cut' | 'blackhole' | 'no-new-connections';

/**
 * The rules of a site's router. Nothing comes in from the side of `wan` but answers to what the LAN opened; what leaves
 * carries the router's address.
 */
export const ROUTER_RULES = `
table inet postern {
  counter forwarded { }
  counter refused { }
  counter refused_while_cut { }
  counter lost { }
  counter up { }
  counter down { }

  chain line { }

  chain forward {
    type filter hook forward priority filter; policy drop;
    jump line
    iifname "wan" ct state new,untracked counter name refused drop
    ct state invalid drop
    iifname "wan" ct mark 0 tcp flags & rst == 0 ct mark set 1 counter name forwarded
    iifname "wan" oifname "lan" ct state established,related counter name down accept
    iifname "lan" oifname "wan" counter name up accept
  }

  chain input {
    type filter hook input priority filter; policy drop;
    iifname "wan" ct state new,untracked counter name refused drop
  }

  chain leaving {
    type nat hook postrouting priority srcnat;
    oifname "wan" masquerade
  }
}
`;

const STATES: Readonly<Record<LineState, readonly string[]>> = {
  whole: [],
  // A reset of either side still passes, so that the other side hears of it.
  cut: [
    'ct state established tcp flags & rst == rst accept',
    'iifname "lan" tcp flags & (syn | ack) == syn counter name refused_while_cut',
    'meta l4proto tcp reject with tcp reset',
    'drop',
  ],
  blackhole: ['drop'],
  'no-new-connections': ['ct state new drop'],
};

/** Losses are drawn from so many numbers. */
const DRAWN = 10_000;

/** What replaces the rules of a line, in one step. */
export const lineRules = (state: LineState, { loss = 0 }: LineShape): string => {
  const lossy =
    loss > 0 ? [`numgen random mod ${DRAWN} < ${Math.round(loss * DRAWN)} counter name lost drop`] : [];
  const rules = [...lossy, ...STATES[state]].map((rule) => `add rule inet postern line ${rule}`);
  return ['flush chain inet postern line', ...rules, ''].join('\n');
};
