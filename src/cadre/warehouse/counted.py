"""Batches on their way to disk: brought to the stored schema and counted."""

from collections.abc import Iterator

import pyarrow as pa


class Counted(Iterator[pa.RecordBatch]):
    """Batches brought to a schema, counted on the way."""

    def __init__(self, source: pa.RecordBatchReader, schema: pa.Schema) -> None:
        self._source, self._schema, self.rows = source, schema, 0

    def __next__(self) -> pa.RecordBatch:
        batch = next(self._source)
        self.rows += batch.num_rows
        columns = [batch.column(batch.schema.get_field_index(f.name)).cast(f.type) for f in self._schema]
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)

    def reader(self) -> pa.RecordBatchReader:
        """The same batches as a reader, for the writer."""
        return pa.RecordBatchReader.from_batches(self._schema, self)
