"""The engine room of live rooms: transport, connections, the log's tail, presence and the watch over them.

It pushes what the database says has happened and decides nothing.
"""
