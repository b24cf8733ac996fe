/** What the tests use of the package, which has no types of its own. */
declare module 'ldapjs' {
  const ldap: {
    createServer(): any;
    InvalidCredentialsError: new () => Error;
  };
  export default ldap;
}
