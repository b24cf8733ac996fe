/** What a file that is no live page may do: be looked at. */
export const stillFile =
  "sandbox; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; media-src 'self'; font-src 'self' data:; frame-ancestors 'self'";

/**
 * Answers with a file of a site, whatever it holds: as the type that its name says, in frames of the portal only, under a policy.
 *
 * @param file.policy - the content security policy, which must keep it from acting as the portal
 */
export function replyFile(
  reply: { header(name: string, value: string): unknown },
  file: { type: string; policy: string; body: string | Uint8Array },
): never {
  const { type, policy, body } = file;
  reply.header('content-security-policy', policy);
  reply.header('x-frame-options', 'SAMEORIGIN');
  reply.header('x-content-type-options', 'nosniff');
  // Its schema says text, as a description for people; files are bytes too.
  return (reply as never as { type(type: string): { send(body: unknown): never } })
    .type(type)
    .send(typeof body === 'string' ? body : Buffer.from(body));
}
