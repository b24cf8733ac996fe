import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { contactQuery } from '../../api.ts';
import { targetsOf } from '../../entity.ts';
import { contactsOf, type Contact } from '../contact.ts';
import classes from './Answers.module.css';

/** The ways to the people behind it: its own first, then its owner's. */
export function Reach({ entity }: { entity: Entity }) {
  const isTeam = ['group', 'user'].includes(entity.kind.toLowerCase());
  const owner = isTeam ? undefined : targetsOf(entity, 'ownedBy')[0];
  const { data, isPending } = useQuery({ ...contactQuery(owner ?? ''), enabled: owner !== undefined });
  if (owner !== undefined && isPending) return <p>&nbsp;</p>;
  const found = new Map(
    [...contactsOf(entity), ...contactsOf(data)].map((contact): [string, Contact] => [contact.href, contact]),
  );
  if (found.size === 0)
    return (
      <p className={classes.more}>
        No way is known: add spec.profile.email or metadata.links {isTeam ? 'here' : 'to the owner'}.
      </p>
    );
  return (
    <ul className={classes.links}>
      {[...found.values()].slice(0, 4).map(({ href, text }) => (
        <li key={href}>
          <a href={href} rel="noreferrer" title={href}>
            <span>{text}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
