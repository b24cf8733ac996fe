import { IconUserCircle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { onSignedOut } from '../../../core/api/index.ts';
import { usePrincipal } from '../../../core/session/index.ts';
import { AppLink, iconButton } from '../../../core/ui/index.ts';
import { signOut } from '../api.ts';
import { signInAddress } from '../return-to.ts';
import classes from './UserMenu.module.css';

/** Who one is here, and the way out. The browser's own popover: Escape and a click beside close it. */
export function UserMenu() {
  const { data: me } = usePrincipal();
  const leave = useMutation({
    mutationFn: () => {
      // Whoever leaves is not to be led to the sign-in page by what still asks in the background.
      onSignedOut(() => undefined);
      return signOut();
    },
    onSuccess: ({ redirect }) => window.location.assign(redirect ?? '/sign-in'),
  });
  if (!me) return null;
  const close = () => document.getElementById('user-menu')?.hidePopover();
  const here = () => window.location.pathname + window.location.search + window.location.hash;
  return (
    <>
      <button
        type="button"
        className={iconButton}
        popoverTarget="user-menu"
        aria-label={`You: ${me.title}`}
        title={me.title}
      >
        <IconUserCircle size="1.25rem" stroke={1.6} />
      </button>
      <div id="user-menu" popover="auto" className={classes.menu} role="group" aria-label="You">
        <div className={classes.who}>
          <strong>{me.title}</strong>
          <span>{me.kind === 'guest' ? 'Not signed in' : me.entityRef}</span>
          {me.administrator ? <span>Administrator</span> : null}
        </div>
        <AppLink to="/settings" className={classes.line} onClick={close}>
          Settings
        </AppLink>
        {me.canSignIn ? (
          <a className={classes.line} href={signInAddress(here())}>
            Sign in
          </a>
        ) : null}
        {me.canSignOut ? (
          <button type="button" className={classes.line} onClick={() => leave.mutate()} disabled={leave.isPending}>
            Sign out
          </button>
        ) : null}
        {leave.error ? (
          <p role="alert" className={classes.failed}>
            {leave.error.message}
          </p>
        ) : null}
      </div>
    </>
  );
}
