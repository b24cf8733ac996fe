import { sql } from 'kysely';
import type { Migration } from '../../../core/db/index.ts';

/** People, how they sign in, their sessions and tokens. Whatever opens a door is kept as a hash only. */
export const signInTables: Migration = {
  name: 'access/0001-sign-in',
  async up(tx, dialect) {
    const text = dialect === 'postgres' ? 'text collate "C"' : 'text';
    const integer = dialect === 'postgres' ? 'bigint' : 'integer';
    const statements = [
      `create table access_user (ref ${text} primary key, title text not null, email ${text}, password ${text}, administrator ${integer} not null,
        disabled ${integer} not null, origin ${text} not null, created_at ${integer} not null, signed_in_at ${integer})`,
      `create table access_identity (provider ${text} not null, subject ${text} not null, user_ref ${text} not null, claims text not null,
        seen_at ${integer} not null, primary key (provider, subject))`,
      'create index access_identity_user on access_identity (user_ref)',
      `create table access_session (hash ${text} primary key, id ${text} not null unique, user_ref ${text} not null, provider ${text} not null, kind ${text} not null,
        claims text not null, address ${text} not null, agent text not null, created_at ${integer} not null, seen_at ${integer} not null, expires_at ${integer} not null)`,
      'create index access_session_user on access_session (user_ref)',
      `create table access_token (hash ${text} primary key, id ${text} not null unique, kind ${text} not null, ref ${text} not null, title text not null,
        grants text, created_by ${text} not null, created_at ${integer} not null, expires_at ${integer}, used_at ${integer}, used_from ${text})`,
      'create index access_token_ref on access_token (ref)',
      `create table access_flow (hash ${text} primary key, provider ${text} not null, browser ${text} not null, return_to text not null, remember text not null, expires_at ${integer} not null)`,
      `create table access_attempt (key ${text} primary key, failures ${integer} not null, since ${integer} not null, locked_until ${integer} not null)`,
      `create table access_link (hash ${text} primary key, purpose ${text} not null, user_ref ${text}, expires_at ${integer} not null)`,
      `create table access_key (id ${text} primary key, public_key text not null, expires_at ${integer} not null)`,
    ];
    for (const statement of statements) await sql.raw(statement).execute(tx);
  },
};
