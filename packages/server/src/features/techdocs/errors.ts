import { defineErrors } from '../../core/errors/index.ts';

/** What the routes of documents refuse or do not find. */
export const techdocsErrors = defineErrors('TECHDOCS', {
  entityUnknown: {
    name: 'NotFoundError',
    message: 'There is no entity {ref}',
    fix: 'Check the spelling, or look for it with GET /api/catalog/entities/by-query.',
  },
  noDocuments: {
    name: 'NotFoundError',
    message: '{ref} has no documents',
    fix: 'Put the annotation backstage.io/techdocs-ref: dir:. into its descriptor, and Markdown files into the folder docs beside it.',
  },
  circle: {
    name: 'InputError',
    message: '{ref} shows the documents of {other}, which shows those of yet another entity',
    fix: 'Let backstage.io/techdocs-entity name the entity that has the documents itself.',
  },
  pageUnknown: {
    name: 'NotFoundError',
    message: "The documents of {ref} have no page '{path}'",
    fix: 'It may have been moved or renamed: search for its title, or start at the first page.',
  },
  fileUnknown: {
    name: 'NotFoundError',
    message: "The documents of {ref} have no file '{path}'",
    fix: 'Check the path; it starts at the folder of the documents.',
  },
  passOver: {
    name: 'NotAllowedError',
    message: 'This address of a site in a frame is not valid, or not any more',
    fix: 'Load the page of the documents again: it gives a new one.',
  },
  buildIntoDocs: {
    name: 'InputError',
    message: 'The site cannot be written to {out}, because the documents are there',
    fix: 'Name another folder with --out.',
  },
  publisherUnreadable: {
    name: 'ServiceUnavailableError',
    message: 'The published documents cannot be read: {reason}',
    fix: 'Check techdocs.publisher in the configuration, and that the portal may read there.',
  },
});
