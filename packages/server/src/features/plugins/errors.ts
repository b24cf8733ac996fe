import { defineErrors } from '../../core/errors/index.ts';

/** What the administration of plugins refuses or does not have. */
export const featureErrors = defineErrors('PLUGIN', {
  notFound: {
    name: 'NotFoundError',
    message: "There is no plugin '{id}'",
    fix: 'GET /api/admin/plugins lists the plugins; `callboard plugin add` installs one.',
  },
  contributionNotFound: {
    name: 'NotFoundError',
    message: "Plugin '{plugin}' {version} has no {what}",
    fix: 'Look at its contributions in Admin → Plugins; another version of it may differ.',
  },
  entityNotFound: {
    name: 'NotFoundError',
    message: "No entity '{ref}' found",
    fix: 'Check the spelling, or look for it with GET /api/catalog/entities/by-query; its descriptor may also have been removed or be broken (GET /api/catalog/problems).',
  },
  notEnabled: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} is {state}{reason}",
    fix: 'Enable it in Admin → Plugins.',
  },
  viewSlow: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} takes long to answer",
    fix: 'This is what it said last; its answer follows by itself.',
  },
  notStaged: {
    name: 'NotFoundError',
    message: 'No package with the SHA-256 {sha256} was looked at here within the last day',
    fix: 'POST it to /api/admin/plugins/staged first, and install what that answer shows.',
  },
  versionNotFound: {
    name: 'NotFoundError',
    message: "Version {version} of plugin '{id}' is not kept",
    fix: 'GET /api/admin/plugins/{id} lists the versions that are.',
  },
  versionTaken: {
    name: 'ConflictError',
    message: "Version {version} of plugin '{id}' is installed already, with another content",
    fix: 'Give what has changed a new version.',
  },
  codeHostUnknown: {
    name: 'NotFoundError',
    message: "No plugin knows what there is on the host '{host}'",
    fix: 'GET /api/plugins/code-hosts lists the hosts that are configured; add the host to the plugin of its kind in Admin → Plugins.',
  },
  configurationChanged: {
    name: 'ConflictError',
    message:
      "The configuration of plugin '{id}' was changed by somebody else, so the secrets in the form stand for others now",
    fix: 'Reload the page and make the change again.',
  },
  incompatible: { name: 'ConflictError', message: '{message}', fix: '{fix}' },
  configurationInvalid: {
    name: 'InputError',
    message: "The configuration of plugin '{id}' has {count} faults: {first}",
    fix: 'Correct what the details list.',
  },
  grantsTooWide: {
    name: 'InputError',
    message: "Plugin '{id}' does not ask for {what}",
    fix: 'Grant what it asks for, or less.',
  },
  tooManyDocuments: {
    name: 'PayloadTooLargeError',
    message:
      "Plugin '{plugin}' {version} gives more than 10,000 documents, or 32 MiB of text, to be found by '{source}'",
    fix: 'Its author must give less.',
  },
  sourceMissing: {
    name: 'InputError',
    message: 'Say where the plugin is: either `package` or `url`',
    fix: 'Send one of the two; a tarball goes to /api/admin/plugins/staged/upload.',
  },
  firstParty: {
    name: 'ConflictError',
    message: "Plugin '{id}' came with the portal and cannot be {what}",
    fix: 'Disable it if it is not wanted.',
  },
});
