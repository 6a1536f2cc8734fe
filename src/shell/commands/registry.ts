// All commands: one line each, in the order in which help lists them within their groups.
import { Refusal } from '../../errors.ts';
import { didYouMean } from '../input/suggest.ts';
import type { ShellCommand } from './command.ts';
import { addItemCommand } from './add-item.ts';
import { analyticsCommand } from './analytics.ts';
import { backupCommand } from './backup.ts';
import { cancelCommand } from './cancel.ts';
import { catalogCommand } from './catalog.ts';
import { checkCommand } from './check.ts';
import { clearCommand } from './clear.ts';
import { completionCommand } from './completion.ts';
import { customersCommand } from './customers.ts';
import { demoCommand } from './demo.ts';
import { diagramCommand } from './diagram.ts';
import { diffCommand } from './diff.ts';
import { eventCommand } from './event.ts';
import { eventsCommand } from './events.ts';
import { exitCommand } from './exit.ts';
import { expectCommand } from './expect.ts';
import { exportCommand } from './export.ts';
import { explainCommand } from './explain.ts';
import { forkCommand } from './fork.ts';
import { generateCommand } from './generate.ts';
import { gradeCommand } from './grade.ts';
import { helpCommand } from './help.ts';
import { hintCommand } from './hint.ts';
import { historyCommand } from './history.ts';
import { importCommand } from './import.ts';
import { lessonsCommand } from './lessons.ts';
import { loadCommand } from './load.ts';
import { logCommand } from './log.ts';
import { nextCommand } from './next.ts';
import { orderCommand } from './order.ts';
import { ordersCommand } from './orders.ts';
import { payCommand } from './pay.ts';
import { placeCommand } from './place.ts';
import { projectionsCommand } from './projections.ts';
import { raceCommand } from './race.ts';
import { rebuildCommand } from './rebuild.ts';
import { recordCommand } from './record.ts';
import { redeliverCommand } from './redeliver.ts';
import { resetCommand } from './reset.ts';
import { runCommand } from './run.ts';
import { sagaCommand } from './saga.ts';
import { sagasCommand } from './sagas.ts';
import { scrubCommand } from './scrub.ts';
import { setCommand } from './set.ts';
import { shipCommand } from './ship.ts';
import { snapshotCommand } from './snapshot.ts';
import { snapshotsCommand } from './snapshots.ts';
import { storeCommand } from './store.ts';
import { testCommand } from './test.ts';
import { timelineCommand } from './timeline.ts';
import { traceCommand } from './trace.ts';
import { useCommand } from './use.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

export const COMMANDS: readonly ShellCommand[] = [
  placeCommand,
  addItemCommand,
  payCommand,
  shipCommand,
  cancelCommand,
  useCommand,
  catalogCommand,
  sagaCommand,
  sagasCommand,
  ordersCommand,
  orderCommand,
  eventsCommand,
  eventCommand,
  logCommand,
  timelineCommand,
  diffCommand,
  scrubCommand,
  analyticsCommand,
  customersCommand,
  traceCommand,
  snapshotCommand,
  snapshotsCommand,
  loadCommand,
  lessonsCommand,
  demoCommand,
  nextCommand,
  hintCommand,
  checkCommand,
  gradeCommand,
  raceCommand,
  projectionsCommand,
  rebuildCommand,
  redeliverCommand,
  verifyCommand,
  generateCommand,
  forkCommand,
  watchCommand,
  storeCommand,
  backupCommand,
  runCommand,
  recordCommand,
  exportCommand,
  importCommand,
  expectCommand,
  testCommand,
  diagramCommand,
  completionCommand,
  helpCommand,
  explainCommand,
  setCommand,
  historyCommand,
  clearCommand,
  resetCommand,
  exitCommand,
];

const all: ReadonlyMap<string, ShellCommand> = new Map(
  COMMANDS.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command])),
);

/** Whether a line that begins with this word calls something. */
export function isCommand(word: string): boolean {
  return word.startsWith('!') || all.has(word);
}

/** The command of that name, or the refusal that suggests one. */
export function findCommand(name: string): ShellCommand | Refusal {
  const command = all.get(name);
  if (command) return command;
  const called = name === '' ? 'a command is missing' : `unknown command ${name}`;
  return new Refusal('USAGE', `${called}${didYouMean(name, all.keys())}`, { hint: 'help' });
}
