import type { SessionItem, TokenItem } from '@callboard/model/http';
import { useState } from 'react';
import { adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { RelativeTime } from '../../../core/ui/index.ts';
import { endSession, revokeToken } from '../api.ts';
import { agentWords } from '../words.ts';
import { DoIt } from './DoIt.tsx';

const person: Column<{ entityRef: string }> = { label: 'Who', cell: ({ entityRef }) => entityRef, className: 'code' };

const sessionColumns = (all: boolean): Column<SessionItem>[] => [
  ...(all ? [person as Column<SessionItem>] : []),
  {
    label: 'Browser',
    cell: ({ agent, current }) => (
      <>
        {agentWords(agent)} {current ? <span className={adminClasses.second}>this one</span> : null}
      </>
    ),
  },
  { label: 'From', cell: ({ address }) => address, className: 'nowrap' },
  { label: 'By', cell: ({ provider }) => provider, className: 'nowrap' },
  { label: 'Began', cell: ({ createdAt }) => <RelativeTime at={createdAt} />, className: 'nowrap' },
  { label: 'Last used', cell: ({ seenAt }) => <RelativeTime at={seenAt} />, className: 'nowrap' },
  {
    label: 'Action',
    cell: ({ id, agent, address }) => (
      <DoIt label="End" what={`session of ${agentWords(agent)} from ${address}`} work={() => endSession(id, all)} />
    ),
    className: 'nowrap',
  },
];

/** Where people are signed in. */
export const Sessions = ({ items, all }: { items: SessionItem[]; all: boolean }) => (
  <Table label="Sessions" rows={items} rowKey={({ id }) => id} columns={sessionColumns(all)} />
);

const day = 86_400_000;
function Ends({ at }: { at: string | undefined }) {
  const [now] = useState(Date.now);
  if (at === undefined) return <>Never</>;
  const left = Math.ceil((Date.parse(at) - now) / day);
  return <>{left <= 0 ? 'Over' : `In ${left} ${left === 1 ? 'day' : 'days'}`}</>;
}

const tokenColumns = (all: boolean): Column<TokenItem>[] => [
  ...(all ? [person as Column<TokenItem>] : []),
  { label: 'Token', cell: ({ title }) => title },
  { label: 'May', cell: ({ grants }) => (grants ? grants.join(', ') : 'Everything that its owner may') },
  { label: 'Made', cell: ({ createdAt }) => <RelativeTime at={createdAt} />, className: 'nowrap' },
  { label: 'Ends', cell: ({ expiresAt }) => <Ends at={expiresAt} />, className: 'nowrap' },
  {
    label: 'Last used',
    cell: ({ usedAt, usedFrom }) =>
      usedAt ? (
        <>
          <RelativeTime at={usedAt} /> {usedFrom ? <span className={adminClasses.second}>from {usedFrom}</span> : null}
        </>
      ) : (
        'Never'
      ),
  },
  {
    label: 'Action',
    cell: ({ id, title }) => <DoIt label="Revoke" what={title} sure work={() => revokeToken(id, all)} />,
    className: 'nowrap',
  },
];

/** Keys to the API. */
export const Tokens = ({ items, all }: { items: TokenItem[]; all: boolean }) => (
  <Table label="Tokens" rows={items} rowKey={({ id }) => id} columns={tokenColumns(all)} />
);
