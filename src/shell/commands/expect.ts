// `expect`: what should be so, in a script, a lesson, an exercise: how things ended, and what happened on the
// way. Amounts are written as people write them.
import { Refusal } from '../../errors.ts';
import { anyStream } from './candidates.ts';
import type { Here, ShellCommand } from './command.ts';
import { claimsOn, holds, readClaims, type Claim } from './expectations/claims.ts';
import { nearness, tell } from './expectations/telling.ts';
import { KINDS_OF_MANY, ONLY_ONES, readThing, type OneOfMany, type Thing } from './expectations/things.ts';
import { LONGEST, type Facts } from './expectations/values.ts';
import type { Choice } from '../input/choices.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';

export const expectCommand: ShellCommand = {
  name: 'expect',
  group: 'scripts',
  summary: 'fail unless an order, a saga, the log, … is as said',
  examples: [
    'expect order-1 status=pending items=cable:2,keyboard:1',
    'expect any order events=OrderCreated PaymentProcessed=0',
  ],
  candidates,
  seeAlso: ['check', 'run', 'order'],
  readsOnly: true,
  declare: (command) =>
    command
      .argument(
        '<thing>',
        'an order (order-1, or order-1@2 for the past) or a saga; any order, any saga: one of them is so; ' +
          'orders, sagas, log, analytics, catalog, projections; commands: how often each ran in this shop',
      )
      .argument(
        '<field=value...>',
        'what should hold, with = != < <= > or >=: status=paid, totalAmount<84.89; items=3 says how many, ' +
          'items=cable:2,mouse which; events=OrderCreated,ItemAdded and steps=payment,-payment say what ' +
          'happened, in order; ItemAdded>=1 how often',
      ),
  async run(input, session, { commands }) {
    const read = readThing(input.words, { session, commands });
    if (read instanceof Refusal) return read;
    const { thing, claims: said } = read;
    if (said.length === 0) {
      const name = thing.words.join(' ');
      return new Refusal('USAGE', `nothing is expected of ${name}: write status=paid, or version>=3`, {
        hint: `expect ${name} version>=1`,
      });
    }
    const found = await thing.found();
    // What can never be is told first, whether the thing is there or not.
    const claims = readClaims(said, thing, found instanceof Map ? found : undefined);
    if (claims instanceof Refusal) return claims;
    if (found instanceof Refusal) return found;
    const one = await (Symbol.asyncIterator in found
      ? holdAny(found, claims, thing)
      : hold(found, claims, thing));
    if (one instanceof Refusal) return one;
    const met = { thing: thing.words.join(' '), ...(one !== undefined && { found: one }), held: said };
    return shown({ expect: met }, view);
  },
};

interface Met {
  readonly thing: string;
  /** Which of many it was. */
  readonly found?: string;
  readonly held: readonly string[];
}

function view({ expect: met }: { readonly expect: Met }, { style }: ViewContext): string {
  return `  ${style.good(style.sign.check)} ${met.found ?? met.thing}: ${met.held.join(', ')}\n`;
}

function hold(facts: Facts, claims: readonly Claim[], thing: Thing): Refusal | undefined {
  const unmet = claims.find((claim) => !holds(claim, facts));
  return unmet && notSo(`${thing.subject} `, unmet, facts, thing);
}

// The first that all of it is true of. Where there is none, the one of which the most is true is told of; of
// several, the one that comes closest, and that came last.
async function holdAny(
  many: AsyncIterable<OneOfMany>,
  claims: readonly Claim[],
  thing: Thing,
): Promise<string | Refusal> {
  let nearest: (OneOfMany & { readonly score: number; readonly unmet: Claim }) | undefined;
  for await (const one of many) {
    const unmet = claims.filter((claim) => !holds(claim, one.facts));
    if (unmet.length === 0) return one.name;
    const near = unmet.reduce((sum, claim) => sum + nearness(claim, one.facts), 0);
    const score = claims.length * (claims.length - unmet.length) + near;
    if (score >= (nearest?.score ?? 0)) nearest = { ...one, score, unmet: unmet[0]! };
  }
  const what = thing.words.at(-1)!;
  if (!nearest) {
    const hint = what === 'saga' ? 'saga' : 'place alice keyboard';
    return new Refusal('EXPECTATION', `there is no ${what} yet that could be so`, {
      hint,
    });
  }
  return notSo(`the nearest, ${nearest.name}, has `, nearest.unmet, nearest.facts, thing);
}

function notSo(begin: string, unmet: Claim, facts: Facts, thing: Thing): Refusal {
  const message = `${begin}${tell(unmet, facts, LONGEST - begin.length)}`;
  return new Refusal('EXPECTATION', message, { hint: thing.look(unmet.field) });
}

function* candidates(here: Here): Iterable<Choice> {
  const { words, typed, session } = here;
  if (words.length === 0) {
    for (const value of [...ONLY_ONES, 'any']) yield { value };
    yield* pastOf(typed, session);
    yield* anyStream(here);
    return;
  }
  if (words[0] === 'any' && words.length === 1) {
    for (const value of KINDS_OF_MANY) yield { value };
    return;
  }
  const read = readThing(words, here);
  if (!(read instanceof Refusal)) yield* claimsOn(read.thing.fields, read.claims, typed, session);
}

// The versions of an order that its name and an @ are typed of.
function* pastOf(typed: string, { service }: Here['session']): Iterable<Choice> {
  const [orderId = '', at] = typed.split('@');
  if (at === undefined) return;
  const version = service.orders.getOrder(orderId)?.version ?? 0;
  for (let past = version; past > 0; past--) yield { value: `${orderId}@${past}` };
}
