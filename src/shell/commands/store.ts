// `store`: where the log is kept, and a database made ready to keep one.
import { isPostgres } from '../../address.ts';
import type { StoreInfo } from '../../events/kept-store.ts';
import { Refusal } from '../../errors.ts';
import type { Input, ShellCommand } from './command.ts';
import { closest } from '../input/suggest.ts';
import { shown, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import type { InitReport } from '../stores.ts';

const ACTIONS = ['info', 'init'] as const;

export const storeCommand: ShellCommand = {
  name: 'store',
  group: 'store',
  summary: 'where the log is kept; and a database made ready to keep one',
  examples: ['store info', 'verify'],
  seeAlso: ['backup', 'reset', 'watch'],
  readsOnly: ({ words }) => words[0] === 'info',
  inScript: 'comment',
  *candidates({ words }) {
    if (words.length === 0) for (const value of ACTIONS) yield { value };
  },
  declare: (command) =>
    command
      .argument('<info|init>', 'what is there now; or init, and the address of a database')
      .argument('[address]', 'postgres://user@host/database, for init')
      .option('--student <name>', 'a role that may append and read, and nothing else'),
  run(input, session) {
    const [action = '', address] = input.words;
    if (action === 'info') return address === undefined ? info(session) : tooMany(address);
    if (action === 'init') return init(address, input, session);
    const near = closest(action, ACTIONS) ?? 'info';
    return new Refusal('USAGE', `store does not know ${action}: did you mean ${near}?`, {
      hint: near === 'init' ? INIT : 'store info',
    });
  },
};

const INIT = 'store init postgres://me@localhost/shop';

function tooMany(word: string): Refusal {
  return new Refusal('USAGE', `store info takes no ${word}: it tells of the store that is open`, {
    hint: 'store info',
  });
}

async function info({ kept, service, forkedAt }: Session): Promise<Outcome> {
  if (kept) return shown({ store: await kept.info() }, viewInfo);
  const log = await service.store.getAllEvents();
  const store: StoreInfo = {
    name: 'memory',
    engine: `none: it is gone ${forkedAt === undefined ? 'when the shell is left' : 'with fork --leave'}`,
    schema: 1,
    events: log.length,
    streams: new Set(log.map(({ aggregateId }) => aggregateId)).size,
    snapshots: (await service.snapshots.all()).length,
    more: {},
  };
  return shown({ store }, viewInfo);
}

function viewInfo({ store: { more, ...facts } }: { readonly store: StoreInfo }): string {
  const rows = Object.entries({ ...facts, ...more });
  const wide = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(wide)}  ${value}\n`).join('');
}

async function init(
  address: string | undefined,
  input: Input,
  { stores, sitting }: Session,
): Promise<Outcome | Refusal> {
  if (address === undefined)
    return new Refusal('USAGE', 'store init needs the address of a database', { hint: INIT });
  if (!isPostgres(address)) {
    const message = `${address} is no postgres:// address: a file is made when it is opened`;
    return new Refusal('USAGE', message, { hint: INIT });
  }
  if (!stores)
    return new Refusal('USAGE', 'a lesson plays in memory: store init belongs at the prompt', {
      hint: 'help store',
    });
  const student = input.option('student');
  const password =
    student === undefined
      ? undefined
      : (stores.studentPassword ?? (await sitting.ask?.text(`Password of ${student}`, { hidden: true })));
  const report = await stores.init(address, {
    ...(student !== undefined && { student }),
    ...(password && { password }),
  });
  return shown<{ readonly store: InitReport }>({ store: report }, ({ store }) => {
    const lines = store.done.map((sentence) => `  ${sentence}\n`);
    const sql =
      store.sql === undefined
        ? []
        : ['  for whoever may:\n', ...store.sql.split('\n').map((line) => `${line}\n`)];
    return [`  ${store.name}\n`, ...lines, ...sql].join('');
  });
}
