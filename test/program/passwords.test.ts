// A password in the address of a database is for the server alone: nobody reads it on a screen, in a file or in
// an error, whatever went wrong.
import { describe, expect, test } from 'vitest';
import { redact, withoutPasswords } from '../../src/address.ts';
import { objects, orderlab } from './program.ts';

/** Nobody listens at port 1. */
const ADDRESSES = [
  'postgres://me:s3cret@127.0.0.1:1/shop',
  'postgresql://me:s3cret@127.0.0.1:1/shop',
  'POSTGRES://me:s3cret@127.0.0.1:1/shop',
  'postgres://me:a@s3cret/b:c@127.0.0.1:1/shop',
  'postgres://me:%73@s3cret@127.0.0.1:1/shop',
  'postgres://me:s3cret@127.0.0.1:none/shop',
  'postgres://me:s3cret@127.0.0.1:1/shop?sslmode=s3cret-is-no-mode'.replace('s3cret-is-no-mode', 'odd'),
  'postgres://me@127.0.0.1:1/shop?password=s3cret',
  'postgres://:s3cret@127.0.0.1:1/shop',
  'postgres://me:s3cret@[::1]:1/shop',
];

describe.each(ADDRESSES)('%s', (address) => {
  test('is never shown with its password', async () => {
    const runs = [
      await orderlab(['--store', address, '-c', 'orders']),
      await orderlab(['--json', '--store', address, '-c', 'orders']),
      await orderlab(['store', 'init', address]),
      await orderlab(['store', 'init', address, 'more', '--studnt', 'x']),
      await orderlab(
        ['--echo', '--keep-going'],
        `store init ${address}\nset store ${address}\nplace ${address}\n`,
      ),
      await orderlab(['--json', '--keep-going'], `store init ${address}\n${address}\nstore ${address}\n`),
      await orderlab(['--store', address, '--store', address, '--bad']),
      await orderlab([address]),
      await orderlab(['-c', `store init "${address}"`, '-c', 'set']),
    ];
    for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toContain('s3cret');
    expect(runs[0]).toMatchObject({ stdout: '', status: 2 });
    expect(runs[0]!.stderr).toMatch(/^orderlab: [^\n]+\n {2}try: [^\n]+\n$/);
    expect(objects(runs[1]!.stdout)).toMatchObject([{ ok: false, error: { code: 'IO' } }]);
  });
});

describe('an address without its password', () => {
  test.each([
    ['postgres://me:x@host:5432/shop', 'postgres://me@host:5432/shop'],
    ['postgres://me@host/shop', 'postgres://me@host/shop'],
    ['postgres://host:5432/shop', 'postgres://host:5432/shop'],
    ['postgres://me@host/shop?password=x&sslmode=require', 'postgres://me@host/shop?sslmode=require'],
  ])('%s', (address, shown) => {
    expect(redact(address)).toBe(shown);
  });

  test('stands in a line as it was, and other lines are left alone', () => {
    expect(withoutPasswords('store init postgres://me:x@h/d --student bob')).toBe(
      'store init postgres://me@h/d --student bob',
    );
    expect(withoutPasswords(`store init 'postgres://me:x y@h/d'`)).toBe(`store init 'postgres://me@h/d'`);
    for (const line of ['place alice tea@4.50', 'postgres://h:5432/d', 'https://a:b@c/'])
      expect(withoutPasswords(line)).toBe(line);
  });
});
