// What the guide says of adding an event, done in a copy of the tree.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const home = fileURLToPath(new URL('..', import.meta.url));
const guide = readFileSync(join(home, '.github/CONTRIBUTING.md'), 'utf8');
let tree = '';

/** What is written into each file, and before what. */
const STEPS: readonly (readonly [file: string, before: string, written: string])[] = [
  ['src/events/event-types.ts', '  OrderShipped: says(', '  DeliveryPlanned: says({ day: text }),\n'],
  ['src/order-state.ts', '  OrderShipped: (', '  DeliveryPlanned: () => ({}),\n'],
  [
    'src/order.ts',
    'export type OrderCommand = ',
    "export interface PlanDelivery {\n  readonly type: 'PlanDelivery';\n  readonly orderId: string;\n  readonly day: string;\n}\n\n",
  ],
  ['src/order.ts', 'PlaceOrder | AddItem', 'PlanDelivery | '],
  [
    'src/order.ts',
    'const SHIPPING = ',
    `const PLANNING = ruling<PlanDelivery, Order>({
  rules: [allowedIn(['pending', 'paid'], 'still here', 'gone', cannotBePlanned)],
  records: ({ day }) => checkText('day', day) ?? [{ type: 'DeliveryPlanned', data: { day } }],
});

function cannotBePlanned({ orderId }: PlanDelivery, { status }: Order): Refusal {
  return violated('items-need-an-open-order', \`\${orderId} needs no delivery: it has been \${status}\`);
}

`,
  ],
  ['src/order.ts', '  ShipOrder: SHIPPING', '  PlanDelivery: PLANNING,\n'],
  [
    'src/order.ts',
    "    case 'OrderShipped':",
    "    case 'DeliveryPlanned':\n      return { ...event.data, type: 'PlanDelivery', orderId };\n",
  ],
  [
    'src/shell/output/describe.ts',
    '  OrderShipped: ({ carrier })',
    '  DeliveryPlanned: ({ day }) => `for ${day}`,\n',
  ],
  ['src/shell/output/describe.ts', "  OrderShipped: 'good'", "  DeliveryPlanned: 'accent',\n"],
  [
    'src/shell/output/describe.ts',
    "    case 'ShipOrder':",
    "    case 'PlanDelivery':\n      return `${type}  ${orderId}, for ${command.day}`;\n",
  ],
];

const OWN_TEST = `import { expect, test } from 'vitest';
import { commandOf } from '../src/order.ts';
import { describeEvent } from '../src/shell/output/describe.ts';
import { createStyle } from '../src/shell/output/style.ts';
import { created, given, orderAfter, shipped, stored } from './given.ts';

const plan = { type: 'PlanDelivery', orderId: 'order-1', day: 'monday' } as const;
const planned = { type: 'DeliveryPlanned', data: { day: 'monday' } } as const;

test('a delivery is planned while the order is here', async () => {
  given(created).when(plan).then(planned);
  given(created, shipped).when(plan).thenRefused('RULE_VIOLATION', 'items-need-an-open-order');
  expect(orderAfter(created, planned)).toMatchObject({ status: 'pending', version: 2 });
  const [event] = stored([planned]);
  expect(commandOf(event!)).toStrictEqual(plan);
  expect(describeEvent(event!, await createStyle({ color: false, unicode: true }))).toBe('for monday');
});
`;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'orderlab-'));
  for (const name of ['src', 'test', 'bin', 'package.json', 'tsconfig.json', 'README.md'])
    cpSync(join(home, name), join(tree, name), { recursive: true });
  symlinkSync(join(home, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rmSync(tree, { recursive: true }));

function follow([file, before, written]: (typeof STEPS)[number]): void {
  const text = readFileSync(join(tree, file), 'utf8');
  expect(text.split(before)).toHaveLength(2);
  writeFileSync(
    join(tree, file),
    text.replace(before, () => written + before),
  );
}

/** What a program in node_modules says in the copy, and how it ends. */
function run(...args: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: tree, encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ status: error ? 1 : 0, said: stdout + stderr }),
    );
  });
}

const compile = () => run('node_modules/typescript/bin/tsc');

describe('the guide to adding an event', () => {
  const [, section = ''] = /\n## An event\n([\s\S]*?)\n## /.exec(guide)!;
  const named = [...section.matchAll(/^\d\. `(src\/[^`]+)`/gm)].map(([, file]) => file);

  test('names the files that it takes, in five lines', () => {
    expect(new Set(STEPS.map(([file]) => file))).toStrictEqual(new Set(named));
    for (const one of guide.split(/^## /m).slice(1)) expect(one.match(/^\d\. /gm)).toHaveLength(5);
  });

  test('is followed to types and tests that hold, and on the way the compiler names what is missing', async () => {
    follow(STEPS[0]!);
    const missing = await compile();
    for (const file of named.slice(1)) expect(missing.said).toContain(file);
    for (const step of STEPS.slice(1)) follow(step);
    expect(await compile()).toStrictEqual({ status: 0, said: '' });
    writeFileSync(join(tree, 'test/planning.test.ts'), OWN_TEST);
    writeFileSync(join(tree, 'vitest.config.ts'), 'export default {};\n');
    const tested = await run(
      'node_modules/vitest/vitest.mjs',
      'run',
      'test/planning.test.ts',
      'test/order.test.ts',
    );
    expect(tested).toMatchObject({ status: 0, said: expect.stringContaining('planning.test.ts') });
  }, 60_000);
});
