import { generateTemplates } from '@rjsf/mantine/lib/templates/index.js';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import {
  buttonId,
  canExpand,
  descriptionId,
  getUiOptions,
  titleId,
  type DescriptionFieldProps,
  type IconButtonProps,
  type FieldTemplateProps,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type TitleFieldProps,
} from '@rjsf/utils';
import type { ReactNode } from 'react';
import { Prose, Status } from '../../../core/ui/index.ts';
import classes from './Form.module.css';

const asText = (value: unknown): ReactNode =>
  typeof value === 'string' ? <Prose text={value} small /> : ((value ?? null) as ReactNode);

function TitleField({ id, title }: TitleFieldProps) {
  return title ? (
    <h3 id={id} className={classes.title}>
      {title}
    </h3>
  ) : null;
}

function DescriptionField({ id, description }: DescriptionFieldProps) {
  return description ? (
    <div id={id} className={classes.description}>
      {asText(description)}
    </div>
  ) : null;
}

/** A field with what is around it: its errors and help, and a note where the portal has no such field. */
function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, errors, help, hidden, schema, uiSchema, registry, children, rawDescription, ...rest } = props;
  const options = getUiOptions(uiSchema);
  const { WrapIfAdditionalTemplate: Wrap } = registry.templates;
  if (hidden) return <div hidden>{children}</div>;
  const unknown = (uiSchema as Record<string, unknown> | undefined)?.['ui:unknownField'];
  // A field of type null is there for its text.
  const isText = schema.type === 'null';
  return (
    <div className={classes.field}>
      <Wrap
        {...rest}
        id={id}
        label={label}
        schema={schema}
        uiSchema={uiSchema}
        registry={registry}
        rawDescription={rawDescription}
      >
        {isText ? (
          <>
            {schema.title ? <h3 className={classes.title}>{schema.title}</h3> : null}
            {asText(options.description ?? schema.description)}
          </>
        ) : (
          children
        )}
        {errors}
        {help}
        {typeof unknown === 'string' ? (
          <p className={classes.note}>
            <Status level="warning" label={`The portal has no field “${unknown}”: type the value in.`} />
          </p>
        ) : null}
      </Wrap>
    </div>
  );
}

function ObjectField(props: ObjectFieldTemplateProps) {
  const { title, description, disabled, readonly, properties, onAddProperty, schema, uiSchema, formData } = props;
  const { fieldPathId, registry } = props;
  const { AddButton: Add } = registry.templates.ButtonTemplates;
  const isPage = fieldPathId.path.length === 0;
  const fields = (
    <>
      {properties
        .filter(({ hidden }) => !hidden)
        .map(({ name, content }) => (
          <div key={name}>{content}</div>
        ))}
      {canExpand(schema, uiSchema, formData) ? (
        <Add
          id={buttonId(fieldPathId, 'add')}
          disabled={disabled || readonly}
          onClick={onAddProperty}
          uiSchema={uiSchema}
          registry={registry}
        />
      ) : null}
    </>
  );
  if (isPage) return <div className={classes.fields}>{fields}</div>;
  // Items of a list have their list's name with a figure, which says nothing that their place does not.
  const isItem = typeof fieldPathId.path.at(-1) === 'number';
  return (
    <div
      role="group"
      id={fieldPathId.$id}
      className={classes.fields}
      data-nested={!isItem}
      {...(title && !isItem ? { 'aria-labelledby': titleId(fieldPathId) } : { 'aria-label': title || 'Item' })}
    >
      {title && !isItem ? (
        <TitleField id={titleId(fieldPathId)} title={title} schema={schema} registry={registry} />
      ) : null}
      {description ? (
        <DescriptionField
          id={descriptionId(fieldPathId)}
          description={description}
          schema={schema}
          registry={registry}
        />
      ) : null}
      {fields}
    </div>
  );
}

function AddButton({ id, className, disabled, onClick }: IconButtonProps) {
  return (
    <Button
      id={id}
      className={className ?? ''}
      size="compact-sm"
      variant="default"
      disabled={disabled ?? false}
      leftSection={<IconPlus size="0.875rem" aria-hidden />}
      onClick={onClick}
    >
      Add
    </Button>
  );
}

const basic = generateTemplates();

/** How the parts of a form look: Mantine's, but for what the portal says in its own way. */
export const templates: Partial<TemplatesType> = {
  ...basic,
  ButtonTemplates: { ...basic.ButtonTemplates!, AddButton },
  TitleFieldTemplate: TitleField,
  DescriptionFieldTemplate: DescriptionField,
  FieldTemplate,
  ObjectFieldTemplate: ObjectField,
};
