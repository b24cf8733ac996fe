import classes from './Spoken.module.css';

/** Text for screen readers only: what sighted people see from the place on the page. */
export const Spoken = ({ children }: { children: React.ReactNode }) => (
  <span className={classes.spoken}>{children}</span>
);
