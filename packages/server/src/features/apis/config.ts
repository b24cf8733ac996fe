import { type Static, Type } from '@callboard/model/schema';

const closed = { additionalProperties: false };

/** The `apis:` section of the configuration. */
export const apisSection = Type.Object({
  apis: Type.Optional(
    Type.Object(
      {
        tryItOut: Type.Optional(
          Type.Object(
            {
              hosts: Type.Optional(
                Type.Array(Type.String({ minLength: 1, pattern: '^[^\\s/]+$' }), {
                  expected: 'hosts such as api.example.com, api.example.com:8443 or *.example.com',
                  description:
                    'Hosts that the portal calls when somebody tries an operation out. None when absent: then nothing can be tried out.',
                  default: [],
                }),
              ),
            },
            { ...closed, description: 'Calling APIs from their pages.' },
          ),
        ),
      },
      { ...closed, description: 'The pages of APIs.' },
    ),
  ),
});

export type ApisConfig = { hosts: string[] };

/** Fills the defaults of the `apis:` section. */
export const apisConfig = (values: Static<typeof apisSection>['apis']): ApisConfig => ({
  hosts: values?.tryItOut?.hosts ?? [],
});
