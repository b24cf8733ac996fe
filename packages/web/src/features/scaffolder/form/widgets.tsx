import { Input } from '@mantine/core';
import CheckboxesWidget from '@rjsf/mantine/lib/widgets/CheckboxesWidget.js';
import CheckboxWidget from '@rjsf/mantine/lib/widgets/CheckboxWidget.js';
import FileWidget from '@rjsf/mantine/lib/widgets/FileWidget.js';
import PasswordWidget from '@rjsf/mantine/lib/widgets/PasswordWidget.js';
import RadioWidget from '@rjsf/mantine/lib/widgets/RadioWidget.js';
import MantineSelectWidget from '@rjsf/mantine/lib/widgets/SelectWidget.js';
import TextareaWidget from '@rjsf/mantine/lib/widgets/TextareaWidget.js';
import { rangeSpec, type RegistryWidgetsType, type WidgetProps } from '@rjsf/utils';
import classes from './Form.module.css';

/** A choice without a label to be seen still has one to be heard. */
function SelectWidget(props: WidgetProps) {
  const { hideLabel, label, options } = props;
  return <MantineSelectWidget {...props} options={hideLabel ? { ...options, 'aria-label': label } : options} />;
}

/** A figure on a line, with the figure beside it. */
function RangeWidget({
  id,
  label,
  required,
  disabled,
  readonly,
  value,
  schema,
  options,
  rawErrors = [],
  ...on
}: WidgetProps) {
  const { min = 0, max = 100, step = 1 } = rangeSpec(schema);
  const description = options.description ?? schema.description;
  return (
    <Input.Wrapper
      id={id}
      label={label}
      required={required}
      description={description}
      error={rawErrors.length > 0 ? rawErrors.join('\n') : undefined}
    >
      <div className={classes.range}>
        <input
          id={id}
          type="range"
          min={min}
          max={max}
          step={step}
          value={Number(value ?? min)}
          disabled={disabled || readonly}
          onChange={(event) => on.onChange(Number(event.currentTarget.value))}
          onBlur={() => on.onBlur(id, value)}
          onFocus={() => on.onFocus(id, value)}
        />
        <output htmlFor={id}>{value ?? '–'}</output>
      </div>
    </Input.Wrapper>
  );
}

/** Mantine's inputs. Colours, dates and times are the browser's own inputs, which need no code. */
export const widgets: RegistryWidgetsType = {
  CheckboxesWidget,
  CheckboxWidget,
  FileWidget,
  PasswordWidget,
  RadioWidget,
  RangeWidget,
  SelectWidget,
  TextareaWidget,
};
