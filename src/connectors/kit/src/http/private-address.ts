import { BlockList, isIP, isIPv4 } from 'node:net';

const V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const V6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** Tells whether an address is one that the public network cannot reach, or that smuggles such a one in IPv6. */
export function privateAddresses(): (address: string) => boolean {
  const list = new BlockList();
  for (const [net, bits] of V4) list.addSubnet(net, bits, 'ipv4');
  for (const [net, bits] of V6) list.addSubnet(net, bits, 'ipv6');
  return (address) => {
    if (isIP(address) === 0) return true;
    if (isIPv4(address)) return list.check(address, 'ipv4');
    const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address);
    if (!mapped) return list.check(address, 'ipv6');
    const [, dotted, high, low] = mapped;
    const bytes = [Number.parseInt(high ?? '0', 16), Number.parseInt(low ?? '0', 16)].flatMap((word) => [word >> 8, word & 255]);
    return list.check(dotted ?? bytes.join('.'), 'ipv4');
  };
}
