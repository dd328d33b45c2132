import { describe, expect, test } from '@jest/globals';
import { Keyring } from '../../src/domain/shared/keyring.ts';

const ring = new Keyring(Buffer.alloc(32, 1));

describe('the keyring', () => {
  test('derives the same keys from the same secret, and others from another; each key is one of a kind', () => {
    const keys = (of: Keyring) => [of.codeKey, of.voucherIdKey, of.cursorKey, of.derive('something')].map((key) => key.toString('hex'));
    expect(keys(new Keyring(Buffer.alloc(32, 1)))).toEqual(keys(ring));
    expect(new Set([...keys(ring), ...keys(new Keyring(Buffer.alloc(32, 2)))]).size).toBe(8);
  });

  test('keeps its keys for ever: with others, every code and sealed text in use would be lost', () => {
    expect(ring.codeKey.toString('hex')).toBe('a43419d2ba916796c9ac00f7a25a98d902cb5b9584a1e99257bbd1f3e7a9f90f');
    expect(ring.voucherIdKey.toString('hex')).toBe('4d7389535a63697f04c2b3cded0d2ac60947b81228710d0d9208574c8bf206b7');
    expect(ring.open('v1.-BoLZwhbfAx7z6yQoOdxf8hnBFcFKlXY1e0hYfHl2qk', 'here')).toBe('kept');
  });

  test('refuses a secret of another length', () => {
    expect(() => new Keyring(Buffer.alloc(31))).toThrow(/32 bytes/);
  });

  test('opens what it sealed, in its place only, and seals nothing twice alike', () => {
    for (const text of ['', 'secret', 'ñandú 🦩']) expect(ring.open(ring.seal(text, 'here'), 'here')).toBe(text);
    const sealed = ring.seal('secret', 'here');
    expect(ring.seal('secret', 'here')).not.toBe(sealed);
    expect(() => ring.open(sealed, 'there')).toThrow();
    expect(() => ring.open(sealed)).toThrow();
    expect(() => new Keyring(Buffer.alloc(32, 2)).open(sealed, 'here')).toThrow();
  });

  test('opens nothing that was changed or cut', () => {
    const sealed = ring.seal('secret');
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => ring.open(changed)).toThrow();
    }
    for (const cut of ['', 'v1.', sealed.slice(0, -4), sealed.slice(3)]) expect(() => ring.open(cut)).toThrow();
  });
});
