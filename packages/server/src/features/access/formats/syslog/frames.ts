/** Most bytes of a datagram: what every server of syslog takes that takes long messages at all. */
const mostBytes = 8_192;

/** A text cut to so many bytes, without half a character at its end. */
function cut(bytes: Buffer, most: number): Buffer {
  let end = most;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

/**
 * A message as it is sent: over a connection with its length before it (RFC 5425, 4.3 and RFC 6587, 3.4.1), so that whatever stands in it cannot
 * end it; as a datagram (RFC 5426) bare, and cut where it is too long.
 */
export function syslogFrame(protocol: string, line: string): Uint8Array {
  const bytes = Buffer.from(line, 'utf8');
  if (protocol !== 'udp:') return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
  return bytes.length > mostBytes ? cut(bytes, mostBytes) : bytes;
}
