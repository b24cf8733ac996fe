/** The tables of sign-in. Times are epoch milliseconds, flags 0 or 1, `claims` and `grants` JSON lists of text. */
export type SignInTables = {
  access_user: {
    ref: string;
    title: string;
    email: string | null;
    password: string | null;
    administrator: number;
    disabled: number;
    origin: string;
    created_at: number;
    signed_in_at: number | null;
  };
  access_identity: { provider: string; subject: string; user_ref: string; claims: string; seen_at: number };
  access_session: {
    hash: string;
    id: string;
    user_ref: string;
    provider: string;
    kind: string;
    claims: string;
    address: string;
    agent: string;
    created_at: number;
    seen_at: number;
    expires_at: number;
  };
  access_token: {
    hash: string;
    id: string;
    kind: string;
    ref: string;
    title: string;
    grants: string | null;
    created_by: string;
    created_at: number;
    expires_at: number | null;
    used_at: number | null;
    used_from: string | null;
  };
  access_flow: {
    hash: string;
    provider: string;
    browser: string;
    return_to: string;
    remember: string;
    expires_at: number;
  };
  access_attempt: { key: string; failures: number; since: number; locked_until: number };
  access_link: { hash: string; purpose: string; user_ref: string | null; expires_at: number };
  access_key: { id: string; public_key: string; expires_at: number };
};

export const listOf = (text: string | null): string[] => (text === null ? [] : (JSON.parse(text) as string[]));
