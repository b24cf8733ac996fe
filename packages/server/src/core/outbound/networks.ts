import { BlockList, isIP } from 'node:net';

/** Whether a text is an IP address. */
export const isAddress = (text: string): boolean => isIP(text) !== 0;

/**
 * Makes the test whether an address is in one of some networks.
 *
 * @param entries - addresses and networks: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`
 * @throws RangeError or TypeError for an entry that is neither
 */
export function createNetworks(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && entries.length > 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** Whether `createNetworks` takes an entry. */
export function isNetwork(entry: string): boolean {
  try {
    createNetworks([entry]);
    return true;
  } catch {
    return false;
  }
}
