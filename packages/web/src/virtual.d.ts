declare module 'virtual:shared-versions' {
  /** Version of each module that plugins share with the portal. */
  const versions: Record<string, string>;
  export default versions;
}
