import type {
  CheckDescriptorResponse,
  DescriptorResponse,
  ProblemExcerptResponse,
  SaveDescriptorBody,
  SaveDescriptorResponse,
} from '@callboard/model/http';
import type { DescriptorFile } from '../store/descriptors.ts';
import type { ProblemRow } from '../store/tables.ts';

/** Shows, checks and saves the files that describe entities. */
export type Descriptors = {
  read(file: DescriptorFile): Promise<DescriptorResponse>;
  check(file: DescriptorFile, text: string): Promise<CheckDescriptorResponse>;
  save(
    file: DescriptorFile,
    wanted: Pick<SaveDescriptorBody, 'text' | 'hash' | 'withErrors'>,
    actor: string,
  ): Promise<SaveDescriptorResponse>;
  /** The lines around a problem; undefined when it has no place in a text. */
  excerpt(file: DescriptorFile, problem: ProblemRow): Promise<ProblemExcerptResponse | undefined>;
};
