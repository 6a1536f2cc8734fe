// What the commands that write share: how they can be told to go about it, one command handed to the core,
// and the answer as it is shown.
import type { Command } from 'commander';
import { Refusal } from '../../errors.ts';
import { checkId } from '../../ids.ts';
import type { LoggedEvent, NewOrder } from '../../order-service.ts';
import type { Order, OrderCommand } from '../../order.ts';
import { parseExpected } from './arguments.ts';
import type { Input, Read, ShellCommand } from './command.ts';
import { withNextStep } from './hints.ts';
import { shown, type Outcome } from '../outcome.ts';
import { describeEvent, describeOrder, eventLine, paintEvent } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

// What every command that writes can be told.
export function writing(command: Command): Command {
  return command
    .option(
      '--expect <version>',
      'the version that the stream must have: a number, any, no-stream or stream-exists',
    )
    .option('--key <id>', 'with the same key again, returns what the first one recorded')
    .option('--dry-run', 'show what would be appended, and append nothing')
    .option('--explain', 'show how it is handled, stage by stage');
}

/** Whether it is only to be shown what would be appended. */
export function isDryRun(input: Input): boolean {
  return input.flag('dryRun');
}

/** Whether any of that was said. */
export function saysHow(input: Input): boolean {
  const options = [input.option('expect'), input.option('key')];
  return options.some((given) => given !== undefined) || isDryRun(input) || input.flag('explain');
}

/** Reads a command of the core from what was typed, and records it. */
export function recordTyped(typed: ShellCommand, input: Input, session: Session) {
  const go = (command: Read) => (command instanceof Refusal ? command : record(command, input, session));
  const read = typed.toCommand!(input, session);
  // Most are read at once (bench: 100,000 piped commands).
  return read instanceof Promise ? read.then(go) : go(read);
}

export async function record(
  command: OrderCommand | NewOrder,
  input: Input,
  session: Session,
): Promise<Outcome | Refusal> {
  const typed = input.option('expect');
  const expectedVersion = typed === undefined ? undefined : parseExpected(typed);
  if (expectedVersion instanceof Refusal) return expectedVersion;
  const key = input.option('key');
  const badKey = key === undefined ? undefined : checkId('key', key);
  if (badKey) return badKey;
  const dryRun = isDryRun(input);

  const how = {
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(key !== undefined && { key }),
    ...(dryRun && { dryRun }),
  };
  const result = await session.service.handle(command, how);
  const { orderId } = result;
  const { attempts } = result;
  if (!result.ok) {
    // Decided on what somebody else wrote in between, which the person has not seen.
    const refusal =
      attempts > 1 && result.refusal.code !== 'CONCURRENCY' ? afterAnother(result.refusal) : result.refusal;
    return withNextStep(refusal, orderId, session);
  }
  const { events, state, decided, repeated = false } = result;
  if (dryRun && !repeated) {
    const version = state.version;
    const would = decided.map(({ type, data }, index) => ({
      type,
      aggregateId: orderId,
      version: version + 1 + index,
      data,
    }));
    return shown({ orderId, dryRun: true, events: would }, viewDryRun);
  }
  if (state.status === 'not-placed')
    return new Refusal('INTERNAL', `${orderId} has events but was never placed`);
  if (command.type === 'PlaceOrder') session.placed(orderId);
  return shown<Recorded>(
    {
      orderId,
      ...(repeated ? { repeated } : {}),
      ...(attempts > 1 ? { attempts } : {}),
      events,
      order: state,
    },
    viewRecorded,
  );
}

function afterAnother({ code, message, rule, hint }: Refusal): Refusal {
  return new Refusal(code, `somebody else was faster: ${message}`, { rule, hint });
}

/** What a dry run would have appended. */
interface UnrecordedEvent {
  readonly type: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly data: unknown;
}

/** What was recorded, and what is true now. */
function viewRecorded(data: Recorded, { style }: ViewContext): string {
  let text = '';
  for (const event of data.events) text += `  ${eventLine(event, style)}\n`;
  const again = data.repeated
    ? `  ${style.warn('the key was used before: this is what was recorded then, and nothing new')}\n`
    : '';
  const conflict =
    data.attempts === undefined
      ? ''
      : `  ${style.warn(`somebody else wrote first: decided again, attempt ${data.attempts}`)}\n`;
  return `${again}${conflict}${text}  ${describeOrder(data.order, style)}\n`;
}

interface Recorded {
  readonly orderId: string;
  readonly repeated?: boolean;
  /** How often it was decided, when somebody else wrote in between. */
  readonly attempts?: number;
  readonly events: readonly LoggedEvent[];
  readonly order: Order;
}

/** What would have been recorded. */
function viewDryRun(data: { readonly events: readonly UnrecordedEvent[] }, { style }: ViewContext): string {
  const rows = data.events.map(({ type, aggregateId, version, data: what }) => {
    const event = { type, data: what } as LoggedEvent;
    return `  ${style.dim(`would append ${aggregateId}@${version}`)}  ${paintEvent(event, type.padEnd(16), style)}  ${describeEvent(event, style)}\n`;
  });
  return `${rows.join('')}  nothing was recorded\n`;
}
