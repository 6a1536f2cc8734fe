// `race`: two writers load the same version; what optimistic concurrency is for, seen from both sides.
import { race as runRace } from '../../commands/race.ts';
import type { Accepted, HandleOptions, Refused } from '../../commands/command-handler.ts';
import { Refusal } from '../../errors.ts';
import type { DomainEvent } from '../../events/event-types.ts';
import { formatMoney } from '../../money.ts';
import { type Order, type OrderCommand } from '../../order.ts';
import { loggedOrderOf, parseExpected } from './arguments.ts';
import { ordersThat } from './candidates.ts';
import { TypedCommand, type Shell, type ShellCommand } from './command.ts';
import { saysHow } from './recording.ts';
import { shown } from '../outcome.ts';
import { describeOrder, listed } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

// A writer's command, with its own options in quotes; it is about the order of the race.
async function commandOf(
  text: string,
  orderId: string,
  session: Session,
  shell: Shell,
): Promise<OrderCommand | Refusal> {
  const line = shell.readLine(text, session);
  if (line === undefined || line === 'incomplete' || line.toBeRefused) return notForARace(text, shell);
  const { read } = line;
  if (read instanceof Refusal) return read;
  if (!(read instanceof TypedCommand) || !canRace(read.command)) return notForARace(text, shell);
  const { command, input } = read;
  if (saysHow(input)) {
    return new Refusal('USAGE', `'${text}': in a race, leave out --expect, --key, --dry-run, --explain`, {
      hint: 'help race',
    });
  }
  const built = await command.toCommand!(input, { service: session.service, currentOrder: orderId });
  if (built instanceof Refusal) return built;
  if (built.type === 'PlaceOrder') return notForARace(text, shell);
  if (built.orderId === orderId) return built;
  return new Refusal('USAGE', `'${text}' is about ${built.orderId}, the race about ${orderId}`, {
    hint: 'help race',
  });
}

export const raceCommand: ShellCommand = {
  name: 'race',
  group: 'show how',
  summary: 'two writers load one version: one wins, one conflicts',
  examples: ['race pay cancel order-1', "race 'add-item lamp' 'cancel --reason late' --no-retry"],
  *candidates(here) {
    const { words, commands } = here;
    if (words.length < 2) yield* commands.filter(canRace).map(({ name }) => ({ value: name }));
    else
      yield* ordersThat((orderId) => ({ type: 'CancelOrder', orderId }))({ ...here, words: words.slice(2) });
  },
  leavesOrderOut: (words) => words.length === 2,
  seeAlso: ['events', 'verify', 'explain'],
  readsOnly: false,
  declare: (command) =>
    command
      .argument('<commandA>', 'what writer A does, in quotes when it has words of its own')
      .argument('<commandB>', 'what writer B does')
      .argument('[order]', 'otherwise the current order')
      .option('--no-retry', 'a conflict is final')
      .option('--expect <version>', 'any: append without looking, and lose an update'),
  async run(input, session, shell) {
    const [textA = '', textB = '', word] = input.words;
    const order = await loggedOrderOf(word, session);
    if (order instanceof Refusal) return order;
    const a = await commandOf(textA, order.orderId, session, shell);
    if (a instanceof Refusal) return a;
    const b = await commandOf(textB, order.orderId, session, shell);
    if (b instanceof Refusal) return b;
    const typed = input.option('expect');
    const expectedVersion =
      typed === undefined ? (input.flag('retry') ? undefined : order.version) : parseExpected(typed);
    if (expectedVersion instanceof Refusal) return expectedVersion;
    const options: HandleOptions = expectedVersion === undefined ? {} : { expectedVersion };
    const [resultA, resultB] = await runRace(
      (command, how) => session.service.handle(command, how),
      [a, b],
      options,
    );
    const steps = stepsOf(resultA, resultB);
    // From the log: the read model may be held.
    const now = await loggedOrderOf(order.orderId, session);
    if (now instanceof Refusal) return now;
    return shown({ race: { orderId: order.orderId, writers: [textA, textB], steps, order: now } }, view);
  },
};

// A command about one order that is there already.
function canRace(command: ShellCommand): boolean {
  return command.toCommand !== undefined && command.leavesOrderOut !== undefined;
}

function notForARace(text: string, { commands }: Shell): Refusal {
  const can = listed(commands.filter(canRace).map(({ name }) => name));
  return new Refusal('USAGE', `'${text}' cannot race: only ${can} can`, {
    hint: "race pay 'cancel --reason late'",
  });
}

/** Two writers, and what each did in the order in which it happened. */
export interface Race {
  readonly orderId: string;
  readonly writers: readonly [a: string, b: string];
  readonly steps: readonly { readonly writer: 'A' | 'B'; readonly what: string; readonly ok?: boolean }[];
  readonly order: Order | undefined;
}

type Step = Race['steps'][number];

// The two trails, woven in the order in which they happened: both loads, then all of A, then what is left of
// B.
function stepsOf(a: Accepted | Refused, b: Accepted | Refused): Step[] {
  return [
    { writer: 'A', what: `loads version ${a.trail[0]?.loaded.version}` },
    { writer: 'B', what: `loads version ${b.trail[0]?.loaded.version}` },
    ...stepsAfterLoading('A', a),
    ...stepsAfterLoading('B', b),
  ];
}

function describeRecorded(event: DomainEvent): string {
  if (event.type === 'PaymentProcessed') return `${event.type}, ${formatMoney(event.data.amount)}`;
  if (event.type === 'OrderCancelled')
    return `${event.type}, refunds ${formatMoney(event.data.refundedAmount)}`;
  return event.type;
}

function stepsAfterLoading(writer: 'A' | 'B', result: Accepted | Refused): Step[] {
  const steps: Step[] = [];
  for (const [index, { loaded, expectedVersion, foundVersion }] of result.trail.entries()) {
    if (index > 0) steps.push({ writer, what: `reloads version ${loaded.version}, decides again` });
    if (foundVersion === undefined) continue;
    steps.push({ writer, what: `conflict: expected ${expectedVersion}, found ${foundVersion}`, ok: false });
  }
  if (result.ok) {
    const [first] = result.events;
    const what = [...new Set(result.events.map(describeRecorded))].join(', ');
    steps.push({ writer, what: `appends at ${first?.version}: ${what}`, ok: true });
  } else if (result.refusal.code !== 'CONCURRENCY') {
    steps.push({ writer, what: `is refused: ${result.refusal.message}`, ok: false });
  } else {
    steps.push({ writer, what: 'gives up: it is refused, and nothing is lost', ok: false });
  }
  return steps;
}

// Two columns, in the order in which things happened; on a narrow screen, one below the other.
function view({ race }: { readonly race: Race }, { style, width = Infinity }: ViewContext): string {
  const { writers, steps, order } = race;
  const { check, cross } = style.sign;
  const cells = steps.map(({ writer, what, ok }) => {
    const mark = ok === undefined ? '' : ok ? `${check} ` : `${cross} `;
    return { writer, ok, text: `${mark}${what}` };
  });
  const headA = `writer A: ${writers[0]}`;
  const headB = `writer B: ${writers[1]}`;
  const left =
    Math.max(headA.length, ...cells.filter(({ writer }) => writer === 'A').map(({ text }) => text.length)) +
    2;
  const right = Math.max(
    headB.length,
    ...cells.filter(({ writer }) => writer === 'B').map(({ text }) => text.length),
  );
  const beside = left + right + 7 < width;

  const paint = ({ ok, text }: (typeof cells)[number]) =>
    ok === undefined ? text : ok ? style.good(text) : style.bad(text);
  const rows = cells.map((cell, index) => {
    const number = String(index + 1).padStart(3);
    if (!beside) return `${number}  ${cell.writer}  ${paint(cell)}\n`;
    return cell.writer === 'A'
      ? `${number}  ${paint(cell)}\n`
      : `${number}  ${' '.repeat(left)}${paint(cell)}\n`;
  });
  const head = beside
    ? `     ${style.bold(headA.padEnd(left))}${style.bold(headB)}\n`
    : `     ${headA}\n     ${headB}\n`;
  return `${head}${rows.join('')}${order ? `  ${describeOrder(order, style)}\n` : ''}`;
}
