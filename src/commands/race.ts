// Two writers, made to meet: both load and decide before either appends, then A appends before B. The same
// order each time, so that a race can be shown, and repeated.
import type { Accepted, HandleOptions, Refused } from './command-handler.ts';
import type { OrderCommand } from '../order.ts';

type Handle = (command: OrderCommand, options: HandleOptions) => Promise<Accepted | Refused>;

/** Runs both commands against the same loaded version. Resolves to how each fared, attempt by attempt. */
export async function race(
  handle: Handle,
  commands: readonly [a: OrderCommand, b: OrderCommand],
  options: HandleOptions = {},
): Promise<readonly [a: Accepted | Refused, b: Accepted | Refused]> {
  const bDecided = gate();
  const aDone = gate();
  const a = handle(commands[0], { ...options, explain: true, beforeAppend: () => bDecided.opened });
  const b = handle(commands[1], {
    ...options,
    explain: true,
    async beforeAppend(attempt) {
      bDecided.open();
      if (attempt === 1) await aDone.opened;
    },
  });
  // A writer that is refused never comes to its append: it opens the gate by being done.
  void a.finally(aDone.open).catch(() => {});
  void b.finally(bDecided.open).catch(() => {});
  return Promise.all([a, b]);
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
