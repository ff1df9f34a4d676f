"""Where the data files are: beside an installed package, or in the working tree of the project."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sanctiongraph.errors import NotFound


@dataclass(frozen=True, slots=True)
class DataFolders:
    """The folders that a build reads, all below one root but for what an operator has imported."""

    root: Path
    #: Folder of imported registers (``docs/registers.md``), which is the operator's own.
    imported: Path | None = None

    @property
    def ontology(self) -> Path:
        """Vocabulary and shapes; the law is in ``law/`` below."""
        return self.root / "ontology"

    @property
    def law(self) -> Path:
        """Acts and provisions."""
        return self.root / "ontology" / "law"

    @property
    def reference(self) -> Path:
        """Reference documents, their claims, and the entities."""
        return self.root / "graph" / "reference"

    @property
    def sources(self) -> Path:
        """One folder a source text."""
        return self.root / "graph" / "sources"

    @property
    def links(self) -> Path:
        """Links to other datasets."""
        return self.root / "graph" / "links"

    @property
    def viewpoints(self) -> Path:
        """Whose claims each viewpoint accepts."""
        return self.root / "graph" / "viewpoints"

    @property
    def scenarios(self) -> Path:
        """What is supposed in each named scenario."""
        return self.root / "graph" / "scenarios"

    @property
    def mappings(self) -> Path:
        """How registers are read."""
        return self.root / "graph" / "registers"

    @property
    def queries(self) -> Path:
        """The query library."""
        return self.root / "queries"


def data_folders(root: Path | None = None, imported: Path | None = None) -> DataFolders:
    """The data below ``root``, or the shipped data where it is ``None``.

    ``imported`` is the folder of registers to build with it.
    Raises ``NotFound`` where there is no ``ontology/sanctiongraph.ttl``.
    """
    package = Path(str(files("sanctiongraph")))
    candidates = [root] if root else [package / "data", package.parents[1]]
    for candidate in candidates:
        if (candidate / "ontology" / "sanctiongraph.ttl").is_file():
            return DataFolders(candidate, imported)
    looked = " or ".join(str(candidate) for candidate in candidates)
    raise NotFound(f"no ontology/sanctiongraph.ttl in {looked}: set SANCTIONGRAPH_DATA")
