// `load`: what a snapshot is good for, against a full replay.
import { Refusal } from '../../errors.ts';
import { evolve, initialState, type OrderState } from '../../order.ts';
import { isSame } from '../../same.ts';
import { loggedOrderOf } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';

export const loadCommand: ShellCommand = {
  name: 'load',
  group: 'snapshots',
  summary: 'how an order is loaded, against a full replay',
  examples: ['load', 'load order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['snapshot', 'snapshots'],
  readsOnly: true,
  declare: (command) => command.argument('[order]', 'otherwise the current order'),
  async run(input, session) {
    const order = await loggedOrderOf(input.words[0], session);
    if (order instanceof Refusal) return order;
    const { orderId } = order;
    const { state, version, snapshotVersion, eventsReplayed, ignored } = await session.service.load(orderId);
    const replayed = await session.service.store.getEvents(orderId);
    const same = isSame(replayed.reduce<OrderState>(evolve, initialState), state);
    return shown(
      {
        load: {
          orderId,
          version,
          ...(snapshotVersion === undefined ? {} : { snapshotVersion }),
          eventsReplayed,
          fullReplay: replayed.length,
          ...(ignored === undefined ? {} : { ignored }),
          same,
        },
      },
      view,
    );
  },
};

/** How a state was loaded, against what a full replay would have cost. */
interface LoadReport {
  readonly orderId: string;
  readonly version: number;
  readonly snapshotVersion?: number;
  readonly eventsReplayed: number;
  readonly fullReplay: number;
  readonly ignored?: string;
  /** Whether the full replay gave the same state. */
  readonly same: boolean;
}

function view(data: { readonly load: LoadReport }, { style }: ViewContext): string {
  const { orderId, version, snapshotVersion, eventsReplayed, fullReplay, ignored, same } = data.load;
  const from = snapshotVersion === undefined ? 'no snapshot' : `snapshot at version ${snapshotVersion}`;
  const why = ignored === undefined ? '' : `  ${style.warn(ignored)}\n`;
  const verdict = same
    ? `${style.good(style.sign.check)} the same state`
    : `${style.bad(style.sign.cross)} another state`;
  return (
    `${why}  ${orderId}  version ${version}: ${from}, then ${plural(eventsReplayed, 'event')} replayed\n` +
    `  a full replay takes ${plural(fullReplay, 'event')} and gives ${verdict}\n`
  );
}
