"""The parts of a Word file, found as the file itself says, not by their names."""

import posixpath

from components.errors import DamagedFile, UnsupportedType
from components.manuscripts.formats.archive import Archive, resolve
from components.manuscripts.formats.safe_xml import Element, attribute, children, local

_MAIN = "word/document.xml"


class WordPackage:
    """A Word file: `main` is the root of its text, `name` the name of that part.

    `names` are those of the parts that the text relates to, by kind ("styles", "comments").
    """

    def __init__(self, archive: Archive) -> None:
        """Find the text. Raises: ManuscriptError."""
        self._archive = archive
        top = self._relations("")
        self.name = top.get("officeDocument", _MAIN)
        main = archive.xml(self.name, what="the text of the Word file")
        if main is None:
            raise DamagedFile("This Word file is not complete: its text is missing.")
        if local(main) != "document":
            raise UnsupportedType("This is a file of Word's family, but not a text.")
        self.main = main
        self.names = self._relations(self.name)
        self.has_macros = any(part.endswith("vbaProject.bin") for part in archive.names)
        core = top.get("core-properties", "")
        self.properties = archive.xml(core, what="the properties of the Word file")

    def part(self, kind: str) -> Element | None:
        """Return the root of the part with the styles, the numbering, the notes; None without."""
        return self._archive.xml(self.names.get(kind, ""), what=f"the {kind} of the Word file")

    def related(self, relation_id: str) -> bytes:
        """Return the bytes of the part that the text relates to by this id, b"" where it has none.

        Raises: ManuscriptError.
        """
        for relation in children(self.relations(self.name)):
            if attribute(relation, "Id") == relation_id:
                name = resolve(self.name, attribute(relation, "Target"))
                return self._archive.read(name) if name in self._archive else b""
        return b""

    def relations(self, name: str) -> Element | None:
        """Return the root of the list of parts that a part relates to, None where it has none."""
        return self._archive.xml(relations_name(name), what="the list of parts of the Word file")

    def _relations(self, name: str) -> dict[str, str]:
        """Return the names of the parts that a part relates to, by kind; addresses are not."""
        relations: dict[str, str] = {}
        for relation in children(self.relations(name)):
            if attribute(relation, "TargetMode") != "External":
                kind = attribute(relation, "Type").rpartition("/")[2]
                relations.setdefault(kind, resolve(name, attribute(relation, "Target")))
        return relations


def relations_name(name: str) -> str:
    """Return the name of the list of parts that the part `name` relates to."""
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")
