import { expect, test } from '@jest/globals';
import { withoutAddresses } from './personal.ts';

test.each([
  ['550 5.1.1 <ana@example.com>: no such user', '550 5.1.1 <[address]>: no such user'],
  ['Email address ana+vale@example.com is invalid', 'Email address [address] is invalid'],
  ['[{"name":"email","value":"ana@example.com"}]', '[{"name":"email","value":"[address]"}]'],
  ['ana@example.com,bea@example.com;cei@example.com', '[address],[address];[address]'],
  ['two for one @ the bar', 'two for one @ the bar'],
])('%s becomes %s', (text, clean) => expect(withoutAddresses(text)).toBe(clean));
