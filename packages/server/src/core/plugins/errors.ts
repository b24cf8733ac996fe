import { defineErrors } from '../errors/index.ts';

/** What goes wrong with plugins. Every message says which plugin and which version. */
export const pluginErrors = defineErrors('PLUGINS', {
  packageInvalid: {
    name: 'InputError',
    message: 'This is no plugin package: {reason}',
    fix: 'Pack the plugin with `callboard plugin pack` or `npm pack`, and send that file.',
  },
  manifestInvalid: {
    name: 'InputError',
    message: 'The manifest has {count} faults: {first}',
    fix: 'Correct the manifest; `callboard plugin check` lists every fault with its place.',
  },
  registry: {
    name: 'ServiceUnavailableError',
    message: "The package '{name}' cannot be had: {reason}",
    fix: 'Check the name, and plugins.registry and plugins.folder in the configuration; without a network, send the tarball itself.',
  },
  integrity: {
    name: 'ConflictError',
    message: "The tarball of '{name}' is not the one that the registry names: expected {expected}, found {found}",
    fix: 'Do not install it. Look who changed the package, or what stands between the portal and the registry.',
  },
  start: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} does not start: {reason}",
    fix: 'Read its messages in Admin → Plugins; go back to the version before, or ask its author.',
  },
  crashed: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} ended while it worked on {target}: {reason}",
    fix: 'Try again; it is started anew. If it goes on, disable it in Admin → Plugins and tell its author.',
  },
  quarantined: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} is off: {reason}",
    fix: 'Enable it in Admin → Plugins once the cause is gone, or go back to another version.',
  },
  timeout: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} gave no answer to {target} within {milliseconds} ms",
    fix: 'Try again later; if it goes on, look at what the plugin waits for.',
  },
  failed: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} failed at {target}: {reason}",
    fix: 'The reason is the plugin’s own; its messages in Admin → Plugins may say more.',
  },
  busy: {
    name: 'TooManyRequestsError',
    message: "Plugin '{plugin}' {version} has {count} calls waiting already",
    fix: 'Try again in a moment.',
  },
  answerTooLarge: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} sent more than {limit} bytes at once",
    fix: 'Its author must send pages, or less.',
  },
  answerInvalid: {
    name: 'ServiceUnavailableError',
    message: "Plugin '{plugin}' {version} answered {target} with something else than it must: {reason}",
    fix: 'Its author must correct the answer; `callboard plugin test` shows it.',
  },
  notGranted: {
    name: 'NotAllowedError',
    message: "Plugin '{plugin}' {version} may not use {what}",
    fix: 'If it should, name it in `asks` of the manifest and grant it in Admin → Plugins.',
  },
  secretMissing: {
    name: 'NotFoundError',
    message: "The secret {name} of plugin '{plugin}' {version} is not set",
    fix: 'Set plugins.secrets.{plugin}.{name} in the configuration, best as a reference to an environment variable.',
  },
  storeFull: {
    name: 'PayloadTooLargeError',
    message: "The store of plugin '{plugin}' {version} takes no more: {reason}",
    fix: 'Delete what is not needed, or store less under one key.',
  },
  input: {
    name: 'InputError',
    message: "Plugin '{plugin}' {version} asked for {what} wrongly: {reason}",
    fix: 'Its author must correct the call.',
  },
});
