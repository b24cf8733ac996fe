import './mantine.css';
import type { JsonObject } from '@callboard/model';
import { createTheme, MantineThemeProvider } from '@mantine/core';
import { withTheme } from '@rjsf/core';
import { toErrorSchema, type RJSFSchema, type RJSFValidationError, type UiSchema } from '@rjsf/utils';
import { useMemo, type ReactNode } from 'react';
import { useFeatures } from '../../../core/router/index.ts';
import { Prose } from '../../../core/ui/index.ts';
import type { FormContext } from './context.ts';
import { contributedFields } from './fields/contributed.tsx';
import { fields, knownFields } from './fields/index.ts';
import classes from './Form.module.css';
import { templates } from './templates.tsx';
import { pageOf } from './ui-schema.ts';
import { validator } from './validator.ts';
import { widgets } from './widgets.tsx';

const Form = withTheme<Record<string, unknown>, RJSFSchema, FormContext>({
  widgets: widgets,
  templates: templates as never,
  fields: fields,
});

/** The list of choices scrolls itself, so that everybody reaches what is below its edge. */
const scrolling = {
  defaultProps: { withScrollArea: false, styles: { options: { maxHeight: '15rem', overflowY: 'auto' } } },
};
const formTheme = createTheme({
  components: { Autocomplete: scrolling, MultiSelect: scrolling, Select: scrolling, TagsInput: scrolling },
});

const prefix = 'form';
const separator = '/';

/** The path of the value that a field of the form holds. */
export const pathOfField = (id: string): string[] => id.split(separator).slice(1);
/** The id of the field at a path. */
export const fieldAt = (path: readonly (string | number)[]): string => [prefix, ...path].join(separator);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const hasMarks = /[`*[\n]|https?:\/\//;

/** Descriptions with marks in them become what they mean. */
function described(schema: unknown, ui: UiSchema): UiSchema {
  if (!isRecord(schema)) return ui;
  const kept: UiSchema = { ...ui };
  const text = ui['ui:description'] ?? schema['description'];
  if (typeof text === 'string' && hasMarks.test(text) && schema['type'] !== 'null' && schema['type'] !== 'array') {
    kept['ui:description'] = (<Prose text={text} small />) as ReactNode as never;
    kept['ui:options'] = { ...ui['ui:options'], descriptionProps: { component: 'div' } };
  }
  if (isRecord(schema['properties']))
    for (const [name, inner] of Object.entries(schema['properties']))
      kept[name] = described(inner, (ui[name] as UiSchema | undefined) ?? {});
  return kept;
}

type TemplateFormProps = {
  /** one page of a template's form, as written */
  page: JsonObject;
  values: JsonObject;
  /** what is wrong and should be told now */
  faults: RJSFValidationError[];
  context: FormContext;
  onChange: (values: JsonObject) => void;
  /** somebody has left the field at this path */
  onLeave: (path: string[]) => void;
};

/** The fields of one page. It never sends anything: whoever shows it has the buttons. */
export function TemplateForm({ page, values, faults, context, onChange, onLeave }: TemplateFormProps) {
  const features = useFeatures();
  const { schema, uiSchema, registry } = useMemo(() => {
    const offered = features.flatMap(({ formFields = [] }) => formFields);
    const theirs = contributedFields(page, fields, offered);
    const made = pageOf(page, new Set([...knownFields, ...Object.keys(theirs)]));
    return {
      schema: made.schema,
      uiSchema: described(made.schema, made.uiSchema),
      registry: { ...fields, ...theirs },
    };
  }, [page, features]);
  const extraErrors = useMemo(() => toErrorSchema<Record<string, unknown>>(faults), [faults]);
  return (
    <MantineThemeProvider theme={formTheme}>
      <Form
        className={classes.form}
        tagName="div"
        schema={schema}
        uiSchema={uiSchema as never}
        formData={values}
        formContext={context}
        fields={registry}
        validator={validator as never}
        idPrefix={prefix}
        idSeparator={separator}
        noValidate
        noHtml5Validate
        showErrorList={false}
        extraErrors={extraErrors}
        experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipEmptyDefaults' }}
        onChange={({ formData }) => onChange((formData ?? {}) as JsonObject)}
        onBlur={(id) => onLeave(pathOfField(id))}
      >
        {/* No button of its own. */}
        <span hidden />
      </Form>
    </MantineThemeProvider>
  );
}
