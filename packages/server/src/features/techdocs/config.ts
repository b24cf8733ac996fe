import { type Static, Type } from '@callboard/model/schema';

const closed = { additionalProperties: false };
const hosts = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, pattern: '^[^\\s/]+$' }), {
      expected: 'hosts such as www.example.com, www.example.com:8443 or *.example.com',
      description,
      default: [],
    }),
  );
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/** The `techdocs:` section of the configuration. */
export const techdocsSection = Type.Object({
  techdocs: Type.Optional(
    Type.Object(
      {
        sanitizer: Type.Optional(
          Type.Object(
            {
              allowedIframeHosts: hosts('Hosts whose pages documents may show in a frame, for example videos.'),
              allowedImageHosts: hosts('Hosts whose images documents may show. Others are shown as links.'),
            },
            { ...closed, description: 'What documents may show of other hosts.' },
          ),
        ),
        plantumlServer: text('Address of a PlantUML server that draws diagrams. Their source is shown when absent.'),
        staleAfterMonths: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 120,
            default: 12,
            description:
              'A page counts as stale when it was not touched for so many months while the code beside it was.',
          }),
        ),
        publisher: Type.Optional(
          Type.Object(
            {
              type: Type.String({
                default: 'local',
                description:
                  'Where documents are that another pipeline has published: local (with local.publishDirectory) or awsS3. What is not there is rendered by the portal.',
              }),
              local: Type.Optional(
                Type.Object({ publishDirectory: text('Folder with namespace/kind/name/ below it.') }, closed),
              ),
              awsS3: Type.Optional(
                Type.Object(
                  {
                    bucketName: Type.String({ minLength: 1, description: 'Name of the bucket.' }),
                    bucketRootPath: text('Folder in the bucket that namespace/kind/name/ are below.'),
                    region: text('Region of the bucket.'),
                    endpoint: text('Address of a server that speaks the same protocol.'),
                    s3ForcePathStyle: Type.Optional(
                      Type.Boolean({
                        description: 'Puts the bucket into the path instead of the host.',
                        default: false,
                      }),
                    ),
                    credentials: Type.Optional(
                      Type.Object(
                        {
                          accessKeyId: Type.String({ minLength: 1 }),
                          secretAccessKey: Type.String({ minLength: 1, secret: true }),
                        },
                        closed,
                      ),
                    ),
                  },
                  closed,
                ),
              ),
            },
            { ...closed, description: 'Documents that another pipeline publishes.' },
          ),
        ),
      },
      { ...closed, description: 'Documents beside the code.' },
    ),
  ),
});

export type TechdocsConfig = {
  frameHosts: string[];
  imageHosts: string[];
  plantumlServer?: string;
  staleAfterMonths: number;
  publisher?: NonNullable<NonNullable<Static<typeof techdocsSection>['techdocs']>['publisher']>;
};

/** Fills the defaults of the `techdocs:` section. */
export function techdocsConfig(values: Static<typeof techdocsSection>['techdocs']): TechdocsConfig {
  return {
    frameHosts: values?.sanitizer?.allowedIframeHosts ?? [],
    imageHosts: values?.sanitizer?.allowedImageHosts ?? [],
    ...(values?.plantumlServer !== undefined && { plantumlServer: values.plantumlServer }),
    staleAfterMonths: values?.staleAfterMonths ?? 12,
    ...((values?.publisher?.type === 'awsS3' || values?.publisher?.local?.publishDirectory !== undefined) && {
      publisher: values.publisher,
    }),
  };
}
