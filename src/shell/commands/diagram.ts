// `diagram`: an order or a saga as a picture for slides, in Mermaid's words.
import { Refusal } from '../../errors.ts';
import { loggedOrderOf } from './arguments.ts';
import { anyStream } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { framesOf } from './frames.ts';
import { didYouMean } from '../input/suggest.ts';
import { printed } from '../outcome.ts';
import { createStyle } from '../output/style.ts';
import type { Session } from '../session.ts';

export const diagramCommand: ShellCommand = {
  name: 'diagram',
  group: 'scripts',
  summary: 'an order or a saga as a Mermaid diagram, for slides',
  examples: ['saga order-1 --fail=shipping', 'diagram saga-1'],
  candidates: anyStream,
  seeAlso: ['timeline', 'trace', 'saga'],
  readsOnly: true,
  more: () => TO_A_FILE,
  declare: (command) => command.argument('<order|saga>', 'the states that it went through, or who did what'),
  async run(input, session) {
    const [stream = ''] = input.words;
    const mermaid = await draw(stream, session);
    return mermaid instanceof Refusal ? mermaid : printed({ diagram: { stream, mermaid } }, mermaid);
  },
};

const TO_A_FILE = [
  { title: 'into a file', rows: [['orderlab --store shop.db diagram order-1 > order-1.mmd', ''] as const] },
];

async function draw(stream: string, session: Session): Promise<string | Refusal> {
  const { service } = session;
  if (!stream.startsWith('saga-')) {
    const order = await loggedOrderOf(stream, session);
    if (order instanceof Refusal) return order;
    // The same on every screen.
    const style = await createStyle({ color: false, unicode: true });
    const { drawOrder } = await import('./order-diagram.ts');
    return drawOrder(stream, await framesOf(stream, session), style);
  }
  const known = service.sagaIds();
  if (!known.includes(stream)) {
    const message = `there is no saga ${stream}${didYouMean(stream, known)}`;
    return new Refusal('NOT_FOUND', message, { hint: 'sagas' });
  }
  const [saga] = await service.sagas([stream]);
  const { drawSaga } = await import('./saga-diagram.ts');
  return drawSaga(stream, saga!.orderId, await service.store.getEvents(stream));
}
