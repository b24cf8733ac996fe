import { defineErrors } from '../../core/errors/index.ts';
import { fileErrors } from '../../core/files/index.ts';

/** Errors of reading sources; they stand beside the source, and in problems of the documents concerned. */
export const sourceErrors = {
  ...fileErrors,
  ...defineErrors('CATALOG', {
    sourceTooLarge: {
      name: 'InputError',
      message: '{target} has more than 200,000 descriptor files',
      fix: 'Name several smaller folders, or a narrower pattern, under catalog.locations.',
    },
    sourceTypeUnknown: {
      name: 'InputError',
      message: "There is no way to read locations of type '{type}' ({target})",
      fix: 'Use type file, url or git.',
    },
    sourceNotProvided: {
      name: 'ServiceUnavailableError',
      message: 'No plugin provides {target} at the moment',
      fix: 'Look at the plugin in Admin → Plugins. What was read before is kept until the plugin is removed.',
    },
    providedTooMuch: {
      name: 'PayloadTooLargeError',
      message: '{target} provides more than {limit}',
      fix: 'Its author must provide less, or split it into several sources. What was read before is kept.',
    },
    targetOfPlugin: {
      name: 'NotAllowedError',
      message: '{from} points at {target}; entities of plugins may point at addresses by http(s) only',
      fix: 'The plugin must give a full address, or the content itself.',
    },
    targetNotFound: {
      name: 'NotFoundError',
      message: '{target} does not exist; {from} points at it',
      fix: 'Correct the target, or remove it from the descriptor.',
    },
    noRepository: {
      name: 'InputError',
      message: '{target} is not the address of a folder in a repository',
      fix: 'Give the page of the folder on its code host, such as https://host.example/team/repository/tree/main/docs, or of an archive (.tar, .tar.gz, .tgz), or use dir: with a path beside the descriptor.',
    },
    folderTargetUnknown: {
      name: 'InputError',
      message: "{from} points at files by '{target}', which is neither dir: nor url:",
      fix: 'Write dir: with a path below the folder of the descriptor, or url: with the page of a folder on a code host.',
    },
    targetNoFile: {
      name: 'InputError',
      message: '{target} is a {found}, not a file; {from} points at it',
      fix: 'Name a file, or for all files of a folder a pattern such as ./folder/*.yaml.',
    },
    targetPattern: {
      name: 'InputError',
      message: '{target} is a pattern, and an address by http(s) has no folder to look through; {from} points at it',
      fix: 'Name the files one by one, or read the repository as a location of type git.',
    },
    targetEmpty: {
      name: 'InputError',
      message: '{target} is empty although entities were read from it before',
      fix: 'Restore its content, or delete the file to remove its entities.',
    },
    sourceHeld: {
      name: 'ConflictError',
      message: '{target} has suddenly lost {lost} of {total} entities; the portal keeps them until someone confirms',
      fix: 'If they are meant to go, confirm it on the page Sources; otherwise bring their descriptors back.',
    },
    sourceUnknown: {
      name: 'NotFoundError',
      message: "There is no source '{id}'",
      fix: 'List the sources with GET /api/catalog/sources.',
    },
    nothingHeld: {
      name: 'ConflictError',
      message: 'Source {id} holds nothing back that could be confirmed',
      fix: 'Look at its state in GET /api/catalog/sources; it may have been confirmed or recovered already.',
    },
  }),
};

/** Errors of registering and removing what is read. */
export const locationErrors = defineErrors('CATALOG', {
  readonly: {
    name: 'NotAllowedError',
    message: 'This operation not allowed in readonly mode',
    fix: 'The operator has set catalog.readonly; add the location to the configuration file instead.',
  },
  locationTypeRefused: {
    name: 'InputError',
    message: "Locations of type '{type}' cannot be registered ({target})",
    fix: 'Register an address (type url), a repository (type git), or a path of the portal’s machine (type file).',
  },
  locationPathRefused: {
    name: 'NotAllowedError',
    message: 'Paths of the portal’s machine are not yours to register ({target})',
    fix: 'Register the address of the repository instead, or ask an administrator: it needs the permission catalog.location.disk.',
  },
  locationPathOutside: {
    name: 'InputError',
    message: '{target} lies below no folder that the configuration names',
    fix: '{folders} Register a path below such a folder, or have the operator name it under catalog.locations.',
  },
  locationPathWholeDisk: {
    name: 'InputError',
    message: '{target} is the whole disk',
    fix: 'Name the folder that the descriptors are in.',
  },
  locationTargetInvalid: {
    name: 'InputError',
    message: "'{target}' is not an address that can be read",
    fix: 'Give a full address, such as https://host/path/catalog-info.yaml.',
  },
  locationExists: {
    name: 'ConflictError',
    message: 'Location {type}:{target} already exists',
    fix: 'Use the registered location, or register it with onConflict=refresh to have it read again.',
  },
  nothingToRegister: {
    name: 'InputError',
    message: 'Nothing can be read from {target}: {problem}',
    fix: '{fix}',
  },
  locationNotFound: {
    name: 'NotFoundError',
    message: "Found no location with ID '{id}'",
    fix: 'List the registered locations with GET /api/catalog/locations.',
  },
  entityUidNotFound: {
    name: 'NotFoundError',
    message: 'No entity with uid {uid}',
    fix: 'It may have been removed; look it up by its kind, namespace and name.',
  },
});

/** Errors of trying an entity or asking for one that is not there. */
export const previewErrors = defineErrors('CATALOG', {
  placeholderNotRead: {
    name: 'InputError',
    message: '{target} is not read when a single entity is checked',
    fix: 'Put the content in place of the placeholder, or check the file with callboard check.',
  },
  entityRefNotFound: {
    name: 'NotFoundError',
    message: "Entity '{ref}' not found",
    fix: 'Check the reference: kind:namespace/name in lower case.',
  },
});
