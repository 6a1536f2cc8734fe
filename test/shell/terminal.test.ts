import { describe, expect, test } from 'vitest';
import { mayPaint, speaksUnicode } from '../../src/shell/terminal.ts';

describe('colour on a terminal', () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: 'false' }, false],
    [{ FORCE_COLOR: '', TERM: 'dumb' }, false],
    [{ FORCE_COLOR: '' }, true],
    [{ FORCE_COLOR: 'true', TERM: 'dumb' }, true],
    [{ FORCE_COLOR: '1', TERM: 'dumb' }, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ])('with %j: %s', (env, paints) => {
    expect(mayPaint(env, true)).toBe(paints);
    expect(mayPaint(env, false)).toBe(false);
  });
});

test.each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ LANG: 'C' }, false],
  [{ LANG: 'POSIX' }, false],
  [{ LANG: 'de_DE.ISO-8859-1' }, false],
  [{ LANG: 'C.UTF-8' }, true],
  [{ LANG: 'C', LC_ALL: 'en_US.utf8' }, true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
])('the locale %j shows more than ASCII: %s', (env, unicode) => {
  expect(speaksUnicode(env)).toBe(unicode);
});
