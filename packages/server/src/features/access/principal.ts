/** Someone or something that acts. */
export type Principal = {
  /** `user:default/jane`; of a service `external:<subject>` */
  ref: string;
  title: string;
  kind: 'local-administrator' | 'user' | 'guest' | 'service';
  /** refs of all groups, direct and inherited, and those from claims */
  groups: readonly string[];
  /** names of groups as the identity provider gave them */
  claims: readonly string[];
  /** a local user who was made administrator of the portal */
  administrator?: true;
  via: { type: 'local' | 'session' | 'token' | 'proxy'; id?: string };
  /** what a token is narrowed to: names of permissions, where `*` stands for any part */
  grants?: readonly string[];
};
