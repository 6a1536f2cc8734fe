import { describe, expect, test } from 'vitest';
import { redact } from '../src/address.ts';

describe('an address is shown without its password', () => {
  test.each([
    ['postgres://ann:SECRET@host/db', 'postgres://ann@host/db'],
    ['postgresql://ann:SECRET@host:5432/db?sslmode=require', 'postgresql://ann@host:5432/db?sslmode=require'],
    ['postgres://:SECRET@host/db', 'postgres://@host/db'],
    ['postgres://ann:SEC@RET@host/db', 'postgres://ann@host/db'],
    ['postgres://ann:SEC/RET@host/db', 'postgres://ann@host/db'],
    ['postgres://ann:SEC?RET#SECRET@host/db', 'postgres://ann@host/db'],
    ['postgres://ann:SEC RET\'"@host/db', 'postgres://ann@host/db'],
    ['postgres://ann:%53ECRET@host:99999/db', 'postgres://ann@host:99999/db'],
    ['postgres:ann:SECRET@host/db', 'postgres:ann@host/db'],
    [
      'postgres://host/db?user=ann&password=SECRET&application_name=x',
      'postgres://host/db?user=ann&application_name=x',
    ],
    ['postgres://host/db?%70assword=SECRET', 'postgres://host/db'],
    ['postgres://host/db?PassWord=SECRET&sslpassword=SECRET', 'postgres://host/db'],
    ['postgres://host/db?%zz=SECRET', 'postgres://host/db'],
    ['postgres://host/db#SECRET', 'postgres://host/db'],
    ['postgres://[::1/db', 'postgres://[::1/db'],
    ['postgres:///db', 'postgres:///db'],
    ['', ''],
  ])('%s', (address, shown) => {
    expect(redact(address)).toBe(shown);
    expect(shown).not.toContain('SECRET');
  });
});
