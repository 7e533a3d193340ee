from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import BBox
from octavo.structure.blocks.signatures import signatures_marked


def text(y, content):
    return Block(kind=BlockKind.TEXT, box=BBox(100, y, 500, y + 30), text=content)


def test_a_typed_signature_is_one():
    blocks = signatures_marked([text(100, "Yours"), text(200, "/s/ Jane Doe"), text(300, "and/or /s/")], [])
    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.SIGNATURE, BlockKind.TEXT]
    assert blocks[1].text == "/s/ Jane Doe"


def test_what_stands_in_a_field_signs():
    blocks = signatures_marked([text(100, "Signed:"), text(200, "Jane Doe")], [BBox(90, 190, 510, 240)])
    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.SIGNATURE]


def test_an_empty_field_stands_in_order_without_a_name():
    blocks = signatures_marked([text(100, "Signed:"), text(400, "Annex")], [BBox(90, 190, 510, 240)])
    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.SIGNATURE, BlockKind.TEXT]
    assert blocks[1].text == ""
