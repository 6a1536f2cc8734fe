// Which way things may point. The rooms stand in their order: each may import from those before it, and from
// itself.
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

const LAYERS: readonly (readonly string[])[] = [
  ['errors', 'money'],
  ['ids', 'freeze', 'catalog', 'same', 'address'],
  ['events'],
  ['order-lines'],
  ['order-state'],
  ['order'],
  ['projections', 'snapshots'],
  ['commands'],
  ['saga'],
  ['verify', 'bookkeeping'],
  ['log-check'],
  ['order-service'],
  ['core', 'testing'],
  ['stores'],
  ['shell/terminal', 'shell/clock', 'shell/stores'],
  ['shell/output'],
  ['shell/input'],
  ['shell/teaching'],
  ['shell/session', 'shell/outcome'],
  ['shell/commands'],
  ['shell'],
  ['index'],
];

const KNOWN_TO_STORES: ReadonlySet<string> = new Set([
  'stores',
  'events',
  'snapshots',
  'errors',
  'freeze',
  'same',
  'address',
]);

// A folder is a room, and so is a file beside it. What stands in no room of the shell is the shell itself.
function roomOf(path: string): string {
  const [room = '', within] = path.replace(/\.ts$/, '').split('/');
  if (room !== 'shell') return room;
  return layerOf(`shell/${within}`) < 0 ? 'shell' : `shell/${within}`;
}

function layerOf(room: string): number {
  return LAYERS.findIndex((rooms) => rooms.includes(room));
}

/** Every breach under a folder, a line each. */
function breaches(root: string): string[] {
  const found: string[] = [];
  const imports = new Map<string, string[]>();
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const room = roomOf(file);
    if (layerOf(room) < 0) found.push(`${file} is in no known room`);
    const core = !room.startsWith('shell') && room !== 'stores' && room !== 'index';
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:from|import\(?)\s*'([^']+)'/g)) {
      if (!name.startsWith('.')) {
        if (core) found.push(`${file} imports ${name}: the core imports nothing from outside`);
        continue;
      }
      const imported = relative(root, resolve(root, dirname(file), name));
      imports.set(file, [...(imports.get(file) ?? []), imported]);
      const target = roomOf(imported);
      if (room === 'stores' && !KNOWN_TO_STORES.has(target))
        found.push(`${file} imports ${name}: a store knows events and snapshots, no more`);
      if (target === 'stores' && room !== 'stores' && room !== 'index')
        found.push(`${file} imports ${name}: stores are known by index alone`);
      else if (target !== room && layerOf(target) >= layerOf(room))
        found.push(`${file} imports ${name}: ${room} may not know ${target}`);
    }
    if (
      core &&
      /\b(Date\.now|new Date|Math\.random|process\.|console\.|performance\.|setTimeout)/.test(
        text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ''),
      )
    ) {
      found.push(`${file} knows a clock, chance or the process`);
    }
    const paints = /'(cli-table3|chalk)'/.test(text);
    if (!core && paints && !file.startsWith('shell/output/'))
      found.push(`${file} paints: only shell/output does`);
    if (room.startsWith('shell') && file !== 'shell/terminal.ts' && /node:process|\bprocess\./.test(text))
      found.push(`${file} touches the process`);
  }
  return [...found, ...circles(imports)];
}

/** Files that import each other, round about. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push(`a circle: ${[...way.slice(way.indexOf(file)), file].join(' ← ')}`);
    if (done.has(file)) return;
    done.add(file);
    for (const next of imports.get(file) ?? []) follow(next, [...way, file]);
  };
  for (const file of imports.keys()) follow(file, []);
  return found;
}

test('imports point one way, and the core knows no clock, no chance, no terminal', () => {
  expect(breaches(src)).toStrictEqual([]);
});

function inFolder(check: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'orderlab-'));
  try {
    check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function plant(root: string, file: string, line: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), `${line}\n`);
}

describe('a planted breach is found', () => {
  test.each([
    ['order.ts', `import { runShell } from './shell/shell.ts';`],
    ['order.ts', `import type { Session } from './shell/session.ts';`],
    ['events/event-store.ts', `import { evolve } from '../order.ts';`],
    ['commands/command-handler.ts', `const { x } = await import('../saga/order-saga.ts');`],
    ['saga/order-saga.ts', `import { readFileSync } from 'node:fs';`],
    ['projections/order-projection.ts', `export const now = Date.now();`],
    ['shell/commands/orders.ts', `import Table from 'cli-table3';`],
    ['shell/commands/orders.ts', `process.exit(1);`],
    ['stores/sqlite-store.ts', `import { evolve } from '../order.ts';`],
    ['shell/session.ts', `import { Followers } from '../stores/followers.ts';`],
    ['order-service.ts', `import { Followers } from './stores/followers.ts';`],
    ['stray/thing.ts', `export const x = 1;`],
    ['shell/input/history.ts', `import { COMMANDS } from '../commands/registry.ts';`],
    ['shell/output/view.ts', `import type { Session } from '../session.ts';`],
    ['shell/teaching/lesson.ts', `import { execute } from '../execute.ts';`],
  ])('%s: %s', (file, line) => {
    inFolder((root) => {
      plant(root, file, line);
      expect(breaches(root)).toHaveLength(1);
    });
  });

  test('a circle within a room', () => {
    inFolder((root) => {
      plant(root, 'shell/input/search.ts', `import type { Key } from './line-editor.ts';`);
      plant(root, 'shell/input/line-editor.ts', `export * from './screen.ts';`);
      plant(root, 'shell/input/screen.ts', `import { Search } from './search.ts';`);
      expect(breaches(root)).toHaveLength(1);
    });
  });
});
