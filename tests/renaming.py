"""The same program under other names and in another layout: what a mirror must not be misled by."""

import ast


def renamed(text, keep):
    """`text` laid out anew, without its comments, where every name of its own is another one.

    Names that others may use stay: those of `keep`, the members of classes, the parameters of
    methods and of the functions of `keep`, and whatever is given by keyword.
    """
    tree = ast.parse(text)
    own = _bound(tree) - _public(tree, set(keep))
    names = {name: f"autre_{number}" for number, name in enumerate(sorted(own))}
    return ast.unparse(_Renamer(names).visit(tree)) + "\n"


def _bound(tree):
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
    return found


def _public(tree, keep):
    found = set(keep)
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(body=body):
                found |= {name for part in body for name in _bound(part) if name[:2] != "__"}
                found |= {part.name for part in body if isinstance(part, ast.FunctionDef)}
            case ast.FunctionDef(name=name, args=arguments) if name in keep:
                found |= _bound(arguments)
            case ast.keyword(arg=str(name)) | ast.alias(asname=str(name)):
                found.add(name)
            case ast.alias(name=name):
                found.add(name.partition(".")[0])
    return found


class _Renamer(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.names.get(node.arg, node.arg)
        return node

    def visit_Global(self, node):
        node.names = [self.names.get(name, name) for name in node.names]
        return node

    visit_Nonlocal = visit_Global

    def visit_MatchMapping(self, node):
        node.rest = self.names.get(node.rest, node.rest)
        return self.generic_visit(node)

    def _named(self, node):
        node.name = self.names.get(node.name, node.name)
        return self.generic_visit(node)

    visit_FunctionDef = visit_ClassDef = visit_ExceptHandler = visit_MatchAs = visit_MatchStar = (
        _named
    )
